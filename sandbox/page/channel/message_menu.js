// @ts-check
// The actions on a message: react, reply, use the app's shortcuts, edit, delete.
/** @import * as T from "../types.js" */
import { click, perform } from "../acts.js";
import { ask } from "../widgets/dialogs.js";
import { MenuButton } from "../widgets/menu.js";
import { permalink } from "../place.js";
import { leaveUnread } from "./reading.js";
import { EmojiButton } from "./reaction_picker.js";
import { change, go, notice } from "../store.js";
import { html } from "../ui.js";

const SPEECH =
  "M4.5 4h11A1.5 1.5 0 0 1 17 5.5v7a1.5 1.5 0 0 1-1.5 1.5H9l-3.5 3v-3h-1A1.5 1.5 0 0 1 3 12.5" +
  "v-7A1.5 1.5 0 0 1 4.5 4zM6.5 7.7h7M6.5 10.3h4.5";

/**
 * Draw the tools of a message; `hold` keeps them visible while one of their menus is open.
 * @param {Object} props
 * @param {T.Message} props.message
 * @param {T.Names} props.names
 * @param {boolean} [props.inThread]
 * @param {(open: boolean) => void} props.hold
 */
export function MessageMenu({ message, names, inThread, hold }) {
  const { raw, channel, to } = message;
  if (to || raw.subtype === "tombstone") return null;
  const at = { user: names.me, channel, ts: raw.ts };
  /** @param {string} name */
  const react = (name) => perform("talk.react", { ...at, name });
  return html`
    <div class="tools" role="group" aria-label="Message actions">
      <${EmojiButton} label="Add a reaction" take=${react} onOpen=${hold} />
      ${
        !inThread &&
        html`
          <button
            type="button"
            class="icon"
            aria-label="Reply in thread"
            title="Reply in thread"
            onClick=${() => go({ thread: raw.thread_ts ?? raw.ts })}
          >
            <${SpeechIcon} />
          </button>
        `
      }
      <${MenuButton}
        label="More actions"
        face="⋯"
        items=${actions(message, names, inThread)}
        onOpen=${hold}
      />
    </div>
  `;
}

const SpeechIcon = () => html`
  <svg
    viewBox="0 0 20 20"
    width="18"
    height="18"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linejoin="round"
    stroke-linecap="round"
    aria-hidden="true"
  >
    <path d=${SPEECH} />
  </svg>
`;

/**
 * @param {T.Message} message
 * @param {T.Names} names
 * @param {boolean} [inThread]
 */
function actions(message, names, inThread) {
  const { raw, channel } = message;
  const at = { user: names.me, channel, ts: raw.ts };
  const shortcuts = names.app.shortcuts.filter((each) => each.kind === "message");
  /** @param {T.Shortcut} each */
  const take = (each) => click("clicks.shortcut", { ...at, name: each.name });
  return [
    ...shortcuts.map((each) => ({
      words: each.name,
      note: each.description || names.app.name,
      act: () => take(each),
    })),
    shortcuts.length > 0 && null,
    { words: "Copy link", act: () => copy(permalink(names.app.domain, channel, raw)) },
    !inThread && { words: "Mark unread from here", act: () => unread(at) },
    ...(raw.user === names.me && !raw.subtype?.endsWith("_join")
      ? own(message, names, inThread)
      : []),
  ].filter((each) => each !== false);
}

/**
 * @param {T.Message} message
 * @param {T.Names} names
 * @param {boolean} [inThread]
 */
const own = (message, names, inThread) => [
  null,
  {
    words: "Edit message",
    act: () => change({ editing: { ts: message.raw.ts, thread: Boolean(inThread) } }),
  },
  { words: "Delete message…", grave: true, act: () => remove(message, names) },
];

/** @param {{user: string, channel: string, ts: string}} at */
function unread(at) {
  leaveUnread(at.channel);
  return perform("page.unread", at);
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    notice("Link copied.");
  } catch {
    // The browser may refuse access to the clipboard. Then the person can copy the notice.
    notice(text);
  }
}

/**
 * @param {T.Message} message
 * @param {T.Names} names
 */
async function remove(message, names) {
  const { raw, channel } = message;
  const sure = await ask({
    title: "Delete message",
    words: "Delete this message? You can't undo this.",
    yes: "Delete",
    grave: true,
  });
  if (sure) await perform("talk.delete", { user: names.me, channel, ts: raw.ts });
}

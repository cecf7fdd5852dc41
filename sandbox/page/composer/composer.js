// @ts-check
// The composer for messages, replies and commands.
/** @import * as T from "../types.js" */
import { act, click, perform } from "../acts.js";
import { draft, keep } from "./drafts.js";
import { latest } from "../live.js";
import { MenuButton } from "../widgets/menu.js";
import { EmojiButton } from "../channel/reaction_picker.js";
import { change, current, notice } from "../store.js";
import { Textbox } from "./textbox.js";
import { html, useElement, useRef, useState } from "../ui.js";
import { AttachButton, useUploads, UploadList } from "./uploads.js";

/** @param {T.WritingPlace} props */
export function Composer({ channel, names, thread }) {
  if (channel.is_archived)
    return html`
      <div class="composer bar"><p>This channel is archived, so you can only read it.</p></div>
    `;
  if (channel.is_im && names.app.read_only)
    return html`
      <div class="composer bar"><p>Sending messages to this app has been turned off.</p></div>
    `;
  if (!channel.members.includes(names.me))
    return html`<${JoinBar} channel=${channel} names=${names} />`;
  return html`
    <${ComposerForm}
      key=${`${names.me} ${channel.id} ${thread}`}
      channel=${channel}
      names=${names}
      thread=${thread}
    />
  `;
}

/** @param {{ channel: T.Channel, names: T.Names }} props */
function JoinBar({ channel, names }) {
  const join = () => perform("places.invite", { channel: channel.id, user: names.me });
  return html`
    <div class="composer bar">
      <p>You're viewing #${channel.name}.</p>
      <button type="button" class="primary" onClick=${join}>Join</button>
    </div>
  `;
}

/** @param {T.WritingPlace} props */
function ComposerForm({ channel, names, thread }) {
  const place = { user: names.me, channel: channel.id, thread };
  const [words, setWords] = useState(() => draft(place));
  const [broadcast, setBroadcast] = useState(false);
  /** @type {T.Ref<HTMLFormElement>} */
  const form = useElement();
  const uploads = useUploads(names.me);
  const full = uploads.ready && (words.trim() || uploads.ids.length > 0);
  const going = useRef(false);
  /** @param {string} text */
  const write = (text) => {
    keep(place, text);
    setWords(text);
  };
  const send = async () => {
    const text = words.trim();
    const files = uploads.ids;
    // Files stay in the composer until they are sent, and must not be sent twice.
    if (!full || (going.current && files.length)) return;
    going.current = true;
    write("");
    if (await enter({ ...place, text, broadcast, files })) {
      setBroadcast(false);
      uploads.sent(files);
    } else if (!draft(place)) {
      // Restore the text after a failure, unless the person has typed something else since then.
      write(text);
    }
    going.current = false;
    // The author may have scrolled up; show them their message.
    if (!thread) latest();
  };
  /** @param {string} text */
  const insert = (text) => {
    write(text.startsWith("/") ? text : `${words}${/(^|\s)$/.test(words) ? "" : " "}${text} `);
    form.current.querySelector("textarea")?.focus();
  };
  /** @param {Event} event */
  const submitted = (event) => {
    event.preventDefault();
    send();
  };
  const label = thread
    ? "Reply…"
    : `Message ${channel.is_im ? names.app.name : `#${channel.name}`}`;
  const items = offered({ names, thread, insert });
  return html`
    <form
      class="composer"
      ref=${form}
      data-region
      onSubmit=${submitted}
      onPaste=${uploads.paste}
      onDrop=${uploads.drop}
      onDragOver=${uploads.over}
    >
      <${UploadList} uploads=${uploads} />
      <${Textbox}
        id=${thread ? "reply" : "composer"}
        label=${label}
        words=${words}
        change=${write}
        where=${{ names, channel, thread }}
        onEnter=${send}
        onUp=${() => editLast(channel, names, thread)}
      />
      <div class="composer-tools">
        ${items.length > 0 && html`<${MenuButton} label="Shortcuts" face="+" items=${items} />`}
        <${AttachButton} uploads=${uploads} />
        <${EmojiButton} label="Emoji" take=${(/** @type {string} */ name) => insert(`:${name}:`)} />
        ${
          thread &&
          !channel.is_im &&
          html`
            <label class="also">
              <input
                type="checkbox"
                checked=${broadcast}
                onChange=${(/** @type {T.FieldEvent} */ event) =>
                  setBroadcast(event.currentTarget.checked)}
              />${" "}
              Also send to #${channel.name}
            </label>
          `
        }
        <button class="primary send" aria-label="Send" title="Send (Enter)" disabled=${!full}>
          <span aria-hidden="true">➤</span>
        </button>
      </div>
    </form>
  `;
}

/**
 * Send the text and return whether it was accepted. If a command fails, Slackbot says why.
 * @param {T.Json} given
 */
async function enter(given) {
  try {
    return await act("composer.send", given);
  } catch (error) {
    notice(error.message);
    return false;
  }
}

/**
 * Return the items of the + menu: global shortcuts, and commands outside of threads.
 * @param {{ names: T.Names, thread: string | null, insert: (text: string) => void }} props
 */
function offered({ names, thread, insert }) {
  const { shortcuts, commands } = names.app;
  const global = shortcuts.filter((each) => each.kind === "global");
  /** @param {T.Shortcut} each */
  const take = (each) => click("clicks.shortcut", { user: names.me, name: each.name });
  return [
    ...global.map((each) => ({ words: each.name, note: each.description, act: () => take(each) })),
    ...(thread ? [] : commands).map((each) => ({
      words: each.name,
      note: each.description,
      act: () => insert(`${each.name} `),
    })),
  ];
}

/**
 * Edit the reader's last message here, if it is loaded.
 * @param {T.Channel} channel
 * @param {T.Names} names
 * @param {string | null} thread
 */
function editLast(channel, names, thread) {
  const every = [...current()[thread ? "thread" : "messages"].values()];
  const mine = every.filter(
    (each) => each.raw.user === names.me && !each.raw.subtype && each.channel === channel.id,
  );
  const last = mine.reduce((most, each) => (each.raw.ts > most ? each.raw.ts : most), "");
  if (last) change({ editing: { ts: last, thread: Boolean(thread) } });
}

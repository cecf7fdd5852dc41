// What one can do with a message: react, reply, take a shortcut of the app, edit and delete.
import { click, perform } from "../acts.js";
import { ask } from "../widgets/dialogs.js";
import { menuButton } from "../widgets/menu.js";
import { permalink } from "../place.js";
import { leaveUnread } from "./reading.js";
import { emojiButton } from "./reaction_picker.js";
import { change, go, notice } from "../store.js";
import { html } from "../ui.js";

/** `hold` keeps the tools there while a menu of theirs is open. */
export function messageMenu({ one, names, inThread, hold }) {
  const { raw, channel, to } = one;
  if (to || raw.subtype === "tombstone") return null;
  const at = { user: names.me, channel, ts: raw.ts };
  const react = (name) => perform("talk.react", { ...at, name });
  return html`
    <div class="tools" role="group" aria-label="Message actions">
      <${emojiButton} label="Add a reaction" take=${react} onOpen=${hold} />
      ${!inThread && html`<button type="button" class="icon" aria-label="Reply in thread" title="Reply in thread" onClick=${() => go({ thread: raw.thread_ts ?? raw.ts })}><${speech} /></button>`}
      <${menuButton} label="More actions" face="⋯" items=${actions(one, names, inThread)} onOpen=${hold} />
    </div>
  `;
}

const speech = () => html`
  <svg viewBox="0 0 20 20" width="18" height="18" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">
    <path d="M4.5 4h11A1.5 1.5 0 0 1 17 5.5v7a1.5 1.5 0 0 1-1.5 1.5H9l-3.5 3v-3h-1A1.5 1.5 0 0 1 3 12.5v-7A1.5 1.5 0 0 1 4.5 4zM6.5 7.7h7M6.5 10.3h4.5" />
  </svg>`;

function actions(one, names, inThread) {
  const { raw, channel } = one;
  const at = { user: names.me, channel, ts: raw.ts };
  const shortcuts = names.app.shortcuts.filter((each) => each.kind === "message");
  const take = (each) => click("clicks.shortcut", { ...at, name: each.name });
  return [
    ...shortcuts.map((each) => ({ words: each.name, note: each.description || names.app.name, act: () => take(each) })),
    shortcuts.length > 0 && null,
    { words: "Copy link", act: () => copy(permalink(names.app.domain, channel, raw)) },
    !inThread && { words: "Mark unread from here", act: () => unread(at) },
    ...(raw.user === names.me && !raw.subtype?.endsWith("_join") ? own(one, names, inThread) : []),
  ].filter((each) => each !== false);
}

const own = (one, names, inThread) => [
  null,
  { words: "Edit message", act: () => change({ editing: { ts: one.raw.ts, thread: Boolean(inThread) } }) },
  { words: "Delete message…", grave: true, act: () => remove(one, names) },
];

function unread(at) {
  leaveUnread(at.channel);
  return perform("page.unread", at);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    notice("Link copied.");
  } catch {
    // A browser may keep its clipboard to itself; then the link is there to be taken by hand.
    notice(text);
  }
}

async function remove(one, names) {
  const { raw, channel } = one;
  const sure = await ask({ title: "Delete message", words: "Are you sure you want to delete this message? This cannot be undone.", yes: "Delete", grave: true });
  if (sure) await perform("talk.delete", { user: names.me, channel, ts: raw.ts });
}

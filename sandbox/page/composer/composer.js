// Where one writes: messages, replies, and commands.
import { act, click, perform } from "../acts.js";
import { draft, keep } from "./drafts.js";
import { latest } from "../live.js";
import { menuButton } from "../widgets/menu.js";
import { emojiButton } from "../channel/reaction_picker.js";
import { change, current, notice } from "../store.js";
import { textbox } from "./textbox.js";
import { html, useRef, useState } from "../ui.js";
import { paperclip, useUploads, waiting } from "./uploads.js";

export function composer({ channel, names, thread }) {
  if (channel.is_archived) return html`<div class="composer bar"><p>This channel is archived. It can be read, and nothing more.</p></div>`;
  if (channel.is_im && names.app.read_only) return html`<div class="composer bar"><p>Sending messages to this app has been turned off.</p></div>`;
  if (!channel.members.includes(names.me)) return html`<${joining} channel=${channel} names=${names} />`;
  return html`<${writing} key=${`${names.me} ${channel.id} ${thread}`} channel=${channel} names=${names} thread=${thread} />`;
}

function joining({ channel, names }) {
  const join = () => perform("places.invite", { channel: channel.id, user: names.me });
  return html`<div class="composer bar"><p>You are reading #${channel.name}.</p><button type="button" class="primary" onClick=${join}>Join</button></div>`;
}

function writing({ channel, names, thread }) {
  const place = { user: names.me, channel: channel.id, thread };
  const [words, setWords] = useState(() => draft(place));
  const [broadcast, setBroadcast] = useState(false);
  const form = useRef(null);
  const uploads = useUploads(names.me);
  const full = uploads.ready && (words.trim() || uploads.ids.length > 0);
  const going = useRef(false);
  const write = (text) => {
    keep(place, text);
    setWords(text);
  };
  const send = async () => {
    const text = words.trim();
    const files = uploads.ids;
    // Files stay until they are sent, and go once.
    if (!full || (going.current && files.length)) return;
    going.current = true;
    write("");
    if (await enter({ ...place, text, broadcast, files })) {
      setBroadcast(false);
      uploads.sent(files);
    } else if (!draft(place)) {
      // What was typed is not lost with a failure, wherever one went, unless something else was typed meanwhile.
      write(text);
    }
    going.current = false;
    // Whoever writes from further up sees what comes of it.
    if (!thread) latest();
  };
  const insert = (text) => {
    write(text.startsWith("/") ? text : `${words}${/(^|\s)$/.test(words) ? "" : " "}${text} `);
    form.current.querySelector("textarea").focus();
  };
  const submitted = (event) => {
    event.preventDefault();
    send();
  };
  const label = thread ? "Reply…" : `Message ${channel.is_im ? names.app.name : `#${channel.name}`}`;
  const items = offered({ names, thread, insert });
  return html`
    <form class="composer" ref=${form} data-region onSubmit=${submitted} onPaste=${uploads.paste} onDrop=${uploads.drop} onDragOver=${uploads.over}>
      <${waiting} uploads=${uploads} />
      <${textbox} id=${thread ? "reply" : "composer"} label=${label} words=${words} change=${write} where=${{ names, channel, thread }} enter=${send} back=${() => editLast(channel, names, thread)} />
      <div class="composer-tools">
        ${items.length > 0 && html`<${menuButton} label="Shortcuts" face="+" items=${items} />`}
        <${paperclip} uploads=${uploads} />
        <${emojiButton} label="Emoji" take=${(name) => insert(`:${name}:`)} />
        ${thread && !channel.is_im && html`<label class="also"><input type="checkbox" checked=${broadcast} onChange=${(event) => setBroadcast(event.currentTarget.checked)} /> Also send to #${channel.name}</label>`}
        <button class="primary send" aria-label="Send" title="Send (Enter)" disabled=${!full}><span aria-hidden="true">➤</span></button>
      </div>
    </form>
  `;
}

/** Send what was typed and tell whether it was taken; the sandbox itself tells why a command was not. */
async function enter(given) {
  try {
    return await act("composer.send", given);
  } catch (error) {
    notice(error.message);
    return false;
  }
}

/** What the + menu offers: the app's global shortcuts, and its commands where they can be entered. */
function offered({ names, thread, insert }) {
  const { shortcuts, commands } = names.app;
  const global = shortcuts.filter((each) => each.kind === "global");
  const take = (each) => click("clicks.shortcut", { user: names.me, name: each.name });
  return [
    ...global.map((each) => ({ words: each.name, note: each.description, act: () => take(each) })),
    ...(thread ? [] : commands).map((each) => ({ words: each.name, note: each.description, act: () => insert(`${each.name} `) })),
  ];
}

/** Edit the last message that the reader wrote here, if it is loaded. */
function editLast(channel, names, thread) {
  const every = [...current()[thread ? "thread" : "messages"].values()];
  const mine = every.filter((each) => each.raw.user === names.me && !each.raw.subtype && each.channel === channel.id);
  const last = mine.reduce((most, each) => (each.raw.ts > most ? each.raw.ts : most), "");
  if (last) change({ editing: { ts: last, thread: Boolean(thread) } });
}

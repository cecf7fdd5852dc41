// Where one writes: messages, replies, and commands.
import { act, perform } from "./acts.js";
import { notice } from "./store.js";
import { html, useRef, useState } from "./ui.js";
import { paperclip, useUploads, waiting } from "./uploads.js";

export function composer({ channel, names, thread }) {
  const [words, setWords] = useState("");
  const box = useRef(null);
  const uploads = useUploads(names.me);
  const full = uploads.ready && (words.trim() || uploads.ids.length > 0);
  if (!channel.members.includes(names.me)) {
    const join = () => perform("places.invite", { channel: channel.id, user: names.me });
    return html`<div class="composer joins"><p>You are not in this channel.</p><button type="button" class="primary" onClick=${join}>Join</button></div>`;
  }
  const send = async (event) => {
    event.preventDefault();
    const text = words.trim();
    if (!full) return;
    setWords("");
    try {
      await say(channel, names, thread, text, uploads.ids);
      uploads.clear();
    } catch (error) {
      // What was typed is not lost with it.
      setWords((now) => now || text);
      notice(error.message);
    }
  };
  const typed = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
  };
  const label = thread ? "Reply…" : `Message ${channel.is_im ? names.app.name : `#${channel.name}`}`;
  return html`
    <form class="composer" onSubmit=${send} onPaste=${uploads.paste} onDrop=${uploads.drop} onDragOver=${uploads.over}>
      <${waiting} uploads=${uploads} />
      <${paperclip} uploads=${uploads} />
      <textarea ref=${box} rows="1" aria-label=${label} placeholder=${label} value=${words} onInput=${(event) => setWords(event.currentTarget.value)} onKeyDown=${typed}></textarea>
      <button class="primary" aria-label="Send" disabled=${!full}>➤</button>
    </form>
  `;
}

async function say(channel, names, thread, text, files) {
  const place = { user: names.me, channel: channel.id };
  if (thread || files.length || !names.app.commands.some((each) => each.name === text.split(/\s/, 1)[0])) {
    return act("talk.say", { ...place, text, thread, files, wait: false });
  }
  const found = await act("clicks.slash", { ...place, line: text });
  if (found.error) notice(`${text.split(/\s/, 1)[0]} failed with the error “${found.error}”`);
  return found;
}

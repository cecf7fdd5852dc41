// Where one writes: messages, replies, and commands.
import { act, perform } from "./acts.js";
import { notice } from "./store.js";
import { html, useRef, useState } from "./ui.js";

export function composer({ channel, names, thread }) {
  const [words, setWords] = useState("");
  const box = useRef(null);
  if (!channel.members.includes(names.me)) {
    const join = () => perform("places.invite", { channel: channel.id, user: names.me });
    return html`<div class="composer joins"><p>You are not in this channel.</p><button type="button" class="primary" onClick=${join}>Join</button></div>`;
  }
  const send = async (event) => {
    event.preventDefault();
    const text = words.trim();
    if (!text) return;
    setWords("");
    try {
      await say(channel, names, thread, text);
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
    <form class="composer" onSubmit=${send}>
      <textarea ref=${box} rows="1" aria-label=${label} placeholder=${label} value=${words} onInput=${(event) => setWords(event.currentTarget.value)} onKeyDown=${typed}></textarea>
      <button class="primary" aria-label="Send" disabled=${!words.trim()}>➤</button>
    </form>
  `;
}

async function say(channel, names, thread, text) {
  const place = { user: names.me, channel: channel.id };
  if (thread || !names.app.commands.some((each) => each.name === text.split(/\s/, 1)[0])) {
    return act("talk.say", { ...place, text, thread, wait: false });
  }
  const found = await act("clicks.slash", { ...place, line: text });
  if (found.error) notice(`${text.split(/\s/, 1)[0]} failed with the error “${found.error}”`);
  return found;
}

// A thread, beside the channel it is in.
import { composer } from "./composer.js";
import { loadThread } from "./live.js";
import { message } from "./message.js";
import { go } from "./store.js";
import { html, useEffect, useLayoutEffect, useRef } from "./ui.js";

export function threadPane({ state, names }) {
  const { thread, channel: id } = state.place;
  const box = useRef(null);
  const channel = state.channels.find((each) => each.id === id);
  useEffect(() => {
    loadThread(id, thread);
  }, [thread, id, names.me]);
  const inside = [...state.messages.values()].filter(({ raw }) => raw.ts === thread || raw.thread_ts === thread);
  inside.sort((a, b) => (a.raw.ts < b.raw.ts ? -1 : 1));
  useLayoutEffect(() => {
    box.current.scrollTop = box.current.scrollHeight;
  }, [inside.length]);
  const close = () => go({ thread: null });
  return html`
    <aside class="pane thread" aria-label="Thread">
      <header class="top">
        <h2>Thread</h2>
        <p class="quiet">${channel && `#${channel.name}`}</p>
        <button type="button" class="icon" aria-label="Close the thread" onClick=${close}>✕</button>
      </header>
      <section class="messages" ref=${box} aria-label="Messages of the thread" tabindex="0">
        ${inside.map((each) => html`<${message} key=${each.raw.ts} one=${each} names=${names} inThread marked=${each.raw.ts === state.place.at} />`)}
      </section>
      ${channel && html`<${composer} channel=${channel} names=${names} thread=${thread} />`}
    </aside>
  `;
}

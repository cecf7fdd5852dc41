// @ts-check
// The pane of the open thread.
/** @import * as T from "../types.js" */
import { Composer } from "../composer/composer.js";
import { isIn, loadThread } from "../live.js";
import { rows } from "./rows.js";
import { go } from "../store.js";
import { walk } from "../widgets/walk.js";
import { html, useEffect, useElement, useLayoutEffect, useRef } from "../ui.js";

// Within this many pixels of the end, the reader counts as being at the end.
const NEAR = 60;

/** @param {{ state: T.State, names: T.Names }} props */
export function ThreadPane({ state, names }) {
  const { thread, channel: id } = state.place;
  /** @type {T.Ref} */
  const box = useElement();
  const channel = state.channels.find((each) => each.id === id);
  useEffect(() => {
    if (id && thread) loadThread(id, thread);
  }, [thread, id, names.me]);
  const inside = [...state.thread.values()].filter(isIn(thread));
  inside.sort((a, b) => (a.raw.ts < b.raw.ts ? -1 : 1));
  const pinned = useRef(true);
  const { at } = state.place;
  const jumps = inside.some(({ raw }) => raw.ts === at && raw.ts !== thread);
  useLayoutEffect(() => {
    if (pinned.current) box.current.scrollTop = box.current.scrollHeight;
  });
  useEffect(() => {
    if (!jumps) return;
    pinned.current = false;
    /** @type {HTMLElement | null} */
    const marked = box.current.querySelector(`[data-ts="${at}"]`);
    marked?.scrollIntoView({ block: "center" });
    marked?.focus({ preventScroll: true });
  }, [at, jumps]);
  const scrolled = () => {
    pinned.current =
      box.current.scrollHeight - box.current.scrollTop - box.current.clientHeight < NEAR;
  };
  const close = () => go({ thread: null });
  const given = { names, place: state.place, editing: state.editing, inThread: true };
  const many = inside.filter((each) => !each.to && each.raw.ts !== thread).length;
  return html`
    <aside class="pane thread" aria-label="Thread">
      <header class="top">
        <h2>Thread</h2>
        <p class="quiet">${channel && (channel.is_im ? names.app.name : `#${channel.name}`)}</p>
        <span class="spring"></span>
        <button type="button" class="icon" aria-label="Close thread" onClick=${close}>✕</button>
      </header>
      <section
        class="messages"
        ref=${box}
        onScroll=${scrolled}
        onKeyDown=${walk}
        aria-label="Thread messages"
        tabindex="0"
        data-region
      >
        ${rows(inside.slice(0, 1), given)}
        ${
          many > 0 &&
          html`
            <p class="reply-count" role="separator">
              <span>${many === 1 ? "1 reply" : `${many} replies`}</span>
            </p>
          `
        }
        ${rows(inside.slice(1), given)}
      </section>
      ${channel && html`<${Composer} channel=${channel} names=${names} thread=${thread} />`}
    </aside>
  `;
}

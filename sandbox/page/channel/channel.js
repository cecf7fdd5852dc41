// @ts-check
// The pane of a channel: its header, its messages and the composer.
/** @import * as T from "../types.js" */
import { ChannelHead, SideButton } from "./channel_head.js";
import { Composer } from "../composer/composer.js";
import { further, latest } from "../live.js";
import { useReading } from "./reading.js";
import { rows } from "./rows.js";
import { change, current } from "../store.js";
import { walk } from "../widgets/walk.js";
import { html, useEffect, useElement, useLayoutEffect, useRef } from "../ui.js";

// Within this many pixels of an end, the reader counts as being at the end.
const NEAR = 120;

/** @param {{ state: T.State, names: T.Names }} props */
export function ChannelPane({ state, names }) {
  // Show nothing until this person's data is loaded: it may still be another person's.
  if (state.reader !== state.place.user) return html`<div class="empty" aria-busy="true"></div>`;
  const channel = state.channels.find((each) => each.id === state.place.channel);
  if (!channel)
    return html`
      <header class="top"><${SideButton} /><h2>No channel</h2></header>
      <div class="empty">
        <p>${names.user(names.me)} can't see any channel. Create one in the side bar.</p>
      </div>
    `;
  return html`
    <${ChannelHead} channel=${channel} names=${names} />
    <${MessageList} key=${channel.id + names.me} state=${state} channel=${channel} names=${names} />
    <${Composer} channel=${channel} names=${names} thread=${null} />
  `;
}

/** @param {{ state: T.State, channel: T.Channel, names: T.Names }} props */
function MessageList({ state, channel, names }) {
  /** @type {T.Ref} */
  const box = useElement();
  const pinned = useRef(true);
  const loading = useRef(false);
  const { older, newer, place } = state;
  const shown = [...state.messages.values()].sort((a, b) => (a.raw.ts < b.raw.ts ? -1 : 1));
  const last = shown.at(-1)?.raw.ts;

  /** Note whether the reader is at the end. */
  const note = () => {
    const at = box.current;
    pinned.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR;
    if (pinned.current !== current().atLatest) change({ atLatest: pinned.current });
  };

  // Messages that appear or disappear don't move the one being read, and a reader at the end stays
  // at the end.
  const anchor = useRef(/** @type {ReturnType<typeof hold>} */ (null));
  useLayoutEffect(() => {
    const at = box.current;
    if (pinned.current && !newer) at.scrollTop = at.scrollHeight;
    else if (anchor.current?.article.isConnected)
      at.scrollTop += anchor.current.article.offsetTop - anchor.current.top;
    anchor.current = hold(at);
  });
  useEffect(() => {
    // Without a message to jump to, start at the latest.
    pinned.current = !place.at && !newer;
    /** @type {HTMLElement | null} */
    const jump = place.at ? box.current.querySelector(`[data-ts="${place.at}"]`) : null;
    if (pinned.current) box.current.scrollTop = box.current.scrollHeight;
    jump?.scrollIntoView({ block: "center" });
    jump?.focus({ preventScroll: true });
    // If everything fits in view, no scroll event follows.
    note();
  }, [place.at, state.loaded, state.returns]);
  const since = useReading({ me: names.me, channel, last, atEnd: state.atLatest && !newer });

  /** @param {"before" | "after"} towards */
  const more = async (towards) => {
    if (loading.current) return;
    loading.current = true;
    try {
      await further(towards);
    } finally {
      loading.current = false;
    }
  };
  const scrolled = () => {
    const at = box.current;
    note();
    anchor.current = hold(at);
    if (older && at.scrollTop < NEAR * 4) more("before");
    if (newer && pinned.current) more("after");
  };
  return html`
    <section
      class="messages"
      ref=${box}
      onScroll=${scrolled}
      onKeyDown=${walk}
      aria-label="Messages"
      tabindex="0"
      data-region
    >
      ${older && html`<p class="quiet centre">Older messages…</p>`}
      ${rows(shown, { names, place, editing: state.editing, read: since })}
      ${
        newer &&
        html`<button type="button" class="latest" onClick=${latest}>Jump to latest</button>`
      }
    </section>
  `;
}

/**
 * Return the first message in view and its position, to restore it after a change.
 * @param {HTMLElement} box
 */
function hold(box) {
  const article = [...box.querySelectorAll("article")].find(
    (each) => each.offsetTop + each.offsetHeight > box.scrollTop + box.offsetTop,
  );
  return article ? { article, top: article.offsetTop } : null;
}

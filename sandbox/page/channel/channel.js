// A channel: its head, its messages by day, and where one writes.
import { channelHead, sideButton } from "./channel_head.js";
import { composer } from "../composer/composer.js";
import { further, latest } from "../live.js";
import { useReading } from "./reading.js";
import { rows } from "./rows.js";
import { change, current } from "../store.js";
import { walk } from "../widgets/walk.js";
import { html, useEffect, useLayoutEffect, useRef } from "../ui.js";

// So near to an end, in pixels, counts as being there.
const NEAR = 120;

export function channelPane({ state, names }) {
  // Until what this person sees is here, nothing of another's is shown.
  if (state.reader !== state.place.user) return html`<div class="empty" aria-busy="true"></div>`;
  const channel = state.channels.find((each) => each.id === state.place.channel);
  if (!channel) return html`<header class="top"><${sideButton} /><h2>No channel</h2></header><div class="empty"><p>There is no channel here that ${names.user(names.me)} can see. Create one in the side bar.</p></div>`;
  return html`
    <${channelHead} channel=${channel} names=${names} />
    <${list} key=${channel.id + names.me} state=${state} channel=${channel} names=${names} />
    <${composer} channel=${channel} names=${names} thread=${null} />
  `;
}

function list({ state, channel, names }) {
  const box = useRef(null);
  const pinned = useRef(true);
  const loading = useRef(false);
  const { older, newer, place } = state;
  const shown = [...state.messages.values()].sort((a, b) => (a.raw.ts < b.raw.ts ? -1 : 1));
  const last = shown.at(-1)?.raw.ts;

  /** Note whether one is at the end. */
  const note = () => {
    const at = box.current;
    pinned.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR;
    if (pinned.current !== current().atLatest) change({ atLatest: pinned.current });
  };

  // What comes and goes around it leaves what is read where it is; at the bottom one stays at the bottom.
  const anchor = useRef(null);
  useLayoutEffect(() => {
    const at = box.current;
    if (pinned.current && !newer) at.scrollTop = at.scrollHeight;
    else if (anchor.current?.one.isConnected) at.scrollTop += anchor.current.one.offsetTop - anchor.current.top;
    anchor.current = hold(at);
  });
  useEffect(() => {
    // Without a message to jump to, one reads on at the latest.
    pinned.current = !place.at && !newer;
    const jump = place.at && box.current.querySelector(`[data-ts="${place.at}"]`);
    if (pinned.current) box.current.scrollTop = box.current.scrollHeight;
    jump?.scrollIntoView({ block: "center" });
    jump?.focus({ preventScroll: true });
    // Where all fits in view, nothing scrolls.
    note();
  }, [place.at, state.loaded, state.returns]);
  const since = useReading({ me: names.me, channel, last, atEnd: state.atLatest && !newer });

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
    <section class="messages" ref=${box} onScroll=${scrolled} onKeyDown=${walk} aria-label="Messages" tabindex="0" data-region>
      ${older && html`<p class="quiet centre">Older messages…</p>`}
      ${rows(shown, { names, place, editing: state.editing, read: since })}
      ${newer && html`<button type="button" class="latest" onClick=${latest}>Jump to the latest</button>`}
    </section>
  `;
}

/** Return the first message in view and where it lies, by which the place is kept. */
function hold(box) {
  const one = [...box.querySelectorAll("article")].find((each) => each.offsetTop + each.offsetHeight > box.scrollTop + box.offsetTop);
  return one ? { one, top: one.offsetTop } : null;
}

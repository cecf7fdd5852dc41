// A channel: its head, its messages by day, and where one writes.
import { composer } from "./composer.js";
import { further, isListed, latest } from "./live.js";
import { message } from "./message.js";
import { read } from "./sidebar.js";
import { change } from "./store.js";
import { day } from "./times.js";
import { html, useEffect, useLayoutEffect, useRef } from "./ui.js";

// So near to an end, in pixels, counts as being there.
const NEAR = 120;

export function channelPane({ state, names }) {
  const channel = state.channels.find((each) => each.id === state.place.channel);
  if (!channel) return html`<div class="empty"><p>There is no channel here that ${names.user(names.me)} can see.</p></div>`;
  return html`
    <header class="top">
      <h2>${channel.is_im ? names.app.name : html`<span aria-hidden="true">${channel.is_private ? "🔒" : "#"}</span> ${channel.name}`}</h2>
      <p class="quiet">${channel.is_im ? "Direct messages with the app" : `${channel.members.length} members`}</p>
    </header>
    <${list} key=${channel.id + names.me} state=${state} channel=${channel} names=${names} />
    <${composer} key=${`${channel.id}${names.me}`} channel=${channel} names=${names} thread=${null} />
  `;
}

function list({ state, channel, names }) {
  const box = useRef(null);
  const pinned = useRef(true);
  const loading = useRef(false);
  const { older, newer, place } = state;
  const shown = [...state.messages.values()].filter(isListed).sort((a, b) => (a.raw.ts < b.raw.ts ? -1 : 1));
  const last = shown.at(-1)?.raw.ts;

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
    if (!jump) return;
    jump.scrollIntoView({ block: "center" });
    jump.focus({ preventScroll: true });
  }, [place.at, newer, shown.length > 0]);
  useEffect(() => {
    if (last && !newer && pinned.current && last > channel.read) read(names.me, channel.id, last);
  }, [last, channel.unread]);

  const more = async (towards) => {
    if (loading.current) return;
    loading.current = true;
    await further(towards);
    loading.current = false;
  };
  const scrolled = () => {
    const at = box.current;
    pinned.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR;
    anchor.current = hold(at);
    if (pinned.current !== state.atLatest) change({ atLatest: pinned.current });
    if (older && at.scrollTop < NEAR * 4) more("before");
    if (newer && pinned.current) more("after");
  };
  return html`
    <section class="messages" ref=${box} onScroll=${scrolled} aria-label="Messages" tabindex="0">
      ${older && html`<p class="quiet centre">Older messages…</p>`}
      ${byDay(shown, names.zone).map(([words, messages]) => html`
        <h3 class="day" key=${words}><span>${words}</span></h3>
        ${messages.map((each) => html`<${message} key=${each.raw.ts} one=${each} names=${names} place=${state.place} marked=${each.raw.ts === place.at} />`)}
      `)}
      ${newer && html`<button type="button" class="latest" onClick=${latest}>Jump to the latest</button>`}
    </section>
  `;
}

/** Return the first message in view and where it lies, by which the place is kept. */
function hold(box) {
  const one = [...box.querySelectorAll("article")].find((each) => each.offsetTop + each.offsetHeight > box.scrollTop + box.offsetTop);
  return one ? { one, top: one.offsetTop } : null;
}

function byDay(messages, zone) {
  const days = new Map();
  for (const each of messages) {
    const words = day(each.raw.ts, zone);
    days.set(words, [...(days.get(words) ?? []), each]);
  }
  return [...days];
}

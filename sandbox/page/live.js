// What happens in the workspace, as it happens.
import { act } from "./acts.js";
import { change, current, go, merge, notice, watch } from "./store.js";
import { collect } from "./instruments/traffic.js";

// So many messages of a list are held at a time, several pages.
const MOST = 240;
// So long after the sandbox was out of reach it is asked again.
const AGAIN_MS = 1000;

let source = null;
let followed = { user: null, channel: null, at: null, drawer: null };
let heard = null;
let asked = 0;
// How often something new was left out, because the list that is shown ends before it.
let leftOut = 0;
let threadsAsked = 0;
// How often something of the open thread changed.
let threadChanges = 0;
// So often it is asked for anew when it changed meanwhile.
const ROUNDS = 3;

/** Follow the place: whenever another channel, or another stretch of it, has to be shown, load that and listen there. */
export function follow() {
  watch(turn);
  load(current().place);
}

function turn() {
  const { place, messages, newer } = current();
  const { user, channel, at, drawer } = followed;
  followed = place;
  const elsewhere = place.user !== user || place.channel !== channel;
  const jumps = place.at !== at && (place.at ? !messages.has(place.at) : newer);
  if (elsewhere || jumps) load(place);
  else if (place.drawer !== drawer && heard) listen(...heard);
}

/** Load the stretch of a channel around a message, or its latest, and listen from there. */
async function load({ user, channel, at }) {
  const mine = (asked += 1);
  source?.close();
  heard = null;
  change({ messages: new Map(), older: false, newer: false });
  let found = null;
  try {
    if (user && channel) found = await act("page.history", { user, channel, towards: at ? "around" : "before", ts: at ?? "" });
  } catch {
    change({ connected: false });
    setTimeout(() => mine === asked && load(current().place), AGAIN_MS);
    return;
  }
  // Meanwhile the person may have gone elsewhere.
  if (mine !== asked) return;
  if (found) change({ messages: byTs(found.messages), older: found.older, newer: found.newer, loaded: mine });
  listen(user ?? "", channel ?? "", found?.change ?? 0);
}

/** Leave what is read for the latest messages. */
export function latest() {
  if (current().place.at) go({ at: null });
  change({ returns: current().returns + 1 });
  // Where the address names no message there is nothing in it that changes.
  if (current().newer) load(current().place);
}

const byTs = (messages) => new Map(messages.map((each) => [each.raw.ts, each]));

function listen(user, channel, since) {
  heard = [user, channel, since];
  source?.close();
  // With the drawer open one hears what goes over the wire too, on the same connection: a browser has few.
  source = new EventSource(`live?${new URLSearchParams({ user, channel, since, ...(current().place.drawer ? { traffic: 0 } : {}) })}`);
  source.onmessage = (event) => take({ ...JSON.parse(event.data), reader: user });
  source.onopen = () => change({ connected: true });
  // The browser tries again by itself, from the same change on.
  source.onerror = () => change({ connected: false });
}

/** Take in a patch: parts that are another now, and messages that changed or went. */
function take({ messages = [], gone = [], traffic = [], ...parts }) {
  change(parts);
  collect(traffic);
  settle();
  if (!messages.length && !gone.length) return;
  const { thread } = current().place;
  const replies = messages.filter(isIn(thread));
  if (thread && (replies.length || gone.length)) {
    threadChanges += 1;
    merge("thread", replies, gone);
  }
  const fresh = messages.filter(wanted());
  if (current().newer && messages.some((each) => isListed(each) && !fresh.includes(each))) leftOut += 1;
  merge("messages", fresh, gone);
  // Of who reads further up, nothing is taken away.
  trim(current().atLatest ? "before" : "after");
}

/** Tell which messages belong to the list that is shown: a new one unless it ends before that, an older one if it is there. */
function wanted() {
  const { messages, newer } = current();
  const last = [...messages.keys()].reduce((most, ts) => (ts > most ? ts : most), "");
  return (each) => isListed(each) && (messages.has(each.raw.ts) || (!newer && each.raw.ts > last));
}

/** Choose who and where to be, where the address does not say; names become ids. */
function settle() {
  const { place, people, channels } = current();
  const named = (every, name) => every.find((each) => each.id === name || each.name === name)?.id;
  const person = named(people, place.user) ?? people.find(isHuman)?.id;
  if (person && person !== place.user) return go({ user: person }, { replace: true });
  const open = channels.filter((each) => !each.is_archived && !each.is_im);
  const known = named(channels, place.channel);
  const channel = known ?? (open.find((each) => each.members.includes(person)) ?? open[0])?.id;
  if (!channel || channel === place.channel || place.tab === "home") return undefined;
  if (known || !place.channel) return go({ channel }, { replace: true });
  // What the address names within a channel that is not there, is nowhere else.
  notice("This channel is not there, or you do not see it.");
  return go({ channel, thread: null, at: null }, { replace: true });
}

const isHuman = (each) => !each.is_bot && !each.deleted && each.id !== "USLACKBOT";

/** Load a page of the list before what is shown, or after it. */
export async function further(towards) {
  const { place } = current();
  const listed = stretch();
  const ts = towards === "before" ? listed[0] : listed.at(-1);
  const [mine, before] = [asked, leftOut];
  const found = await act("page.history", { user: place.user, channel: place.channel, towards, ts });
  // Meanwhile another stretch may have been asked for.
  if (mine !== asked) return;
  merge("messages", found.messages);
  // What was said after the answer was given is not in it.
  change(towards === "before" ? { older: found.older } : { newer: found.newer || leftOut > before });
  trim(towards === "before" ? "after" : "before");
}

/** Let go of what lies far off, on one side of the list: a page holds so many messages without a stall, and loads the rest again. */
function trim(side) {
  const listed = stretch();
  const spare = side === "before" ? listed.slice(0, -MOST) : listed.slice(MOST);
  if (!spare.length) return;
  const far = new Set(spare);
  const kept = [...current().messages].filter(([ts]) => !far.has(ts));
  change({ messages: new Map(kept), ...(side === "before" ? { older: true } : { newer: true }) });
}

/** Return the timestamps of the list that is shown, in order. */
const stretch = () => [...current().messages.keys()].sort();

/** Load a thread, for the pane at the side. */
export async function loadThread(channel, ts) {
  const mine = (threadsAsked += 1);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const changes = threadChanges;
    const found = await act("page.thread", { user: current().place.user, channel, ts });
    // An answer may be overtaken by that to a later question, as where names in the address became ids.
    if (mine !== threadsAsked || current().place.thread !== ts) return;
    if (changes === threadChanges) return change({ thread: byTs(found) });
    // What changed since it was asked for may be newer than the answer.
    const newer = [...current().thread].filter(([, each]) => isIn(ts)(each));
    change({ thread: new Map([...byTs(found), ...newer]) });
  }
  return undefined;
}

/** Tell which messages belong to a thread. */
export const isIn = (thread) => ({ raw }) => raw.ts === thread || raw.thread_ts === thread;

const isListed = ({ raw }) => !raw.thread_ts || raw.thread_ts === raw.ts || raw.subtype === "thread_broadcast";

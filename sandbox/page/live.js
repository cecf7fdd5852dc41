// @ts-check
// The live feed: loads a channel and applies changes of the workspace as they happen.
/** @import * as T from "./types.js" */
import { act } from "./acts.js";
import { change, current, go, merge, notice, watch } from "./store.js";
import { collect } from "./instruments/traffic.js";

/** @typedef {{ messages: T.Message[], older: boolean, newer: boolean, change: number }} Stretch */

/**
 * @typedef {Partial<T.State>} StateParts
 * @typedef {{ messages?: T.Message[], gone?: string[], traffic?: T.Exchange[] }} PatchLists
 * @typedef {Omit<StateParts, keyof PatchLists> & PatchLists} Patch What the live feed sends.
 */

// How many messages of a list the page holds: several pages.
const MOST = 240;
// How long to wait before asking an unreachable sandbox again, in milliseconds.
const AGAIN_MS = 1000;

/** @type {EventSource | null} */
let source = null;
/** @type {Pick<T.Place, "user" | "channel" | "at" | "drawer">} */
let followed = { user: null, channel: null, at: null, drawer: null };
/** @type {[user: string, channel: string, since: number] | null} */
let heard = null;
let asked = 0;
// How often a new message was left out because the shown list ends before it.
let leftOut = 0;
let threadsAsked = 0;
// How often the open thread changed.
let threadChanges = 0;
// How often to load a thread again if it changes during the load.
const ROUNDS = 3;

/** Follow the place: load and listen to whichever channel, or part of it, has to be shown. */
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

/**
 * Load the messages around `at`, or the latest ones, and listen for changes from there.
 * @param {T.Place} props
 */
async function load({ user, channel, at }) {
  asked += 1;
  const mine = asked;
  source?.close();
  heard = null;
  change({ messages: new Map(), older: false, newer: false });
  /** @type {Stretch | null} */
  let found = null;
  try {
    if (user && channel)
      found = await act("page.history", {
        user,
        channel,
        towards: at ? "around" : "before",
        ts: at ?? "",
      });
  } catch {
    change({ connected: false });
    setTimeout(() => mine === asked && load(current().place), AGAIN_MS);
    return;
  }
  // The person may have gone elsewhere during the call.
  if (mine !== asked) return;
  if (found)
    change({
      messages: byTs(found.messages),
      older: found.older,
      newer: found.newer,
      loaded: mine,
    });
  listen(user ?? "", channel ?? "", found?.change ?? 0);
}

/** Go to the latest messages. */
export function latest() {
  if (current().place.at) go({ at: null });
  change({ returns: current().returns + 1 });
  // If the address names no message, it doesn't change, so nothing else triggers the load.
  if (current().newer) load(current().place);
}

/** @param {T.Message[]} messages */
const byTs = (messages) => new Map(messages.map((each) => [each.raw.ts, each]));

/**
 * @param {string} user
 * @param {string} channel
 * @param {number} since
 */
function listen(user, channel, since) {
  heard = [user, channel, since];
  source?.close();
  // The drawer's log uses the same connection, because a browser allows few.
  const query = new URLSearchParams({ user, channel, since: String(since) });
  if (current().place.drawer) query.set("traffic", "0");
  source = new EventSource(`live?${query}`);
  source.onmessage = (event) => take({ ...JSON.parse(event.data), reader: user });
  source.onopen = () => change({ connected: true });
  // The browser reconnects by itself, from the same change.
  source.onerror = () => change({ connected: false });
}

/**
 * Apply a patch: changed parts of the state, and messages that changed or are gone.
 * @param {Patch} props
 */
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
  if (current().newer && messages.some((each) => isListed(each) && !fresh.includes(each)))
    leftOut += 1;
  merge("messages", fresh, gone);
  // Don't remove messages that a reader further up is reading.
  trim(current().atLatest ? "before" : "after");
}

/**
 * Return a test for messages of the shown list: new ones if it reaches the end, older ones if they
 * are in it.
 */
function wanted() {
  const { messages, newer } = current();
  const last = [...messages.keys()].reduce((most, ts) => (ts > most ? ts : most), "");
  return (/** @type {T.Message} */ each) =>
    isListed(each) && (messages.has(each.raw.ts) || (!newer && each.raw.ts > last));
}

/** Choose a person and a channel if the address names none, and replace names with ids. */
function settle() {
  const { place, people, channels } = current();
  /**
   * @param {{id: string, name: string}[]} every
   * @param {string | null} name
   */
  const named = (every, name) => every.find((each) => each.id === name || each.name === name)?.id;
  const person = named(people, place.user) ?? people.find(isHuman)?.id;
  if (person && person !== place.user) return go({ user: person }, { replace: true });
  const open = channels.filter((each) => !each.is_archived && !each.is_im);
  const known = named(channels, place.channel);
  const channel =
    known ?? (open.find((each) => person && each.members.includes(person)) ?? open[0])?.id;
  if (!channel || channel === place.channel || place.tab === "home") return undefined;
  if (known || !place.channel) return go({ channel }, { replace: true });
  // The address's thread and message belong to the channel that wasn't found.
  notice("This channel doesn't exist, or you can't see it.");
  return go({ channel, thread: null, at: null }, { replace: true });
}

/** @param {T.Person} each */
const isHuman = (each) => !each.is_bot && !each.deleted && each.id !== "USLACKBOT";

/**
 * Load the page before or after the shown part of the list.
 * @param {"before" | "after"} towards
 */
export async function further(towards) {
  const { place } = current();
  const listed = stretch();
  const ts = towards === "before" ? listed[0] : listed.at(-1);
  const [mine, before] = [asked, leftOut];
  const found = await act("page.history", {
    user: place.user,
    channel: place.channel,
    towards,
    ts,
  });
  // Another part of the list may have been requested during the call.
  if (mine !== asked) return;
  merge("messages", found.messages);
  // The answer doesn't contain messages posted after it was made.
  change(
    towards === "before" ? { older: found.older } : { newer: found.newer || leftOut > before },
  );
  trim(towards === "before" ? "after" : "before");
}

/**
 * Drop messages at one end of the list. More would slow the page down; they load again on demand.
 * @param {"before" | "after"} side
 */
function trim(side) {
  const listed = stretch();
  const spare = side === "before" ? listed.slice(0, -MOST) : listed.slice(MOST);
  if (!spare.length) return;
  const far = new Set(spare);
  const kept = [...current().messages].filter(([ts]) => !far.has(ts));
  change({ messages: new Map(kept), ...(side === "before" ? { older: true } : { newer: true }) });
}

/** Return the timestamps of the shown list in order. */
const stretch = () => [...current().messages.keys()].sort();

/**
 * Load a thread for the thread pane.
 * @param {string | null} channel
 * @param {string} ts
 */
export async function loadThread(channel, ts) {
  threadsAsked += 1;
  const mine = threadsAsked;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const changes = threadChanges;
    const found = await act("page.thread", { user: current().place.user, channel, ts });
    // A later request may have replaced this one, for example when names in the address become
    // ids.
    if (mine !== threadsAsked || current().place.thread !== ts) return;
    if (changes === threadChanges) return change({ thread: byTs(found) });
    // Messages that changed during the call may be newer than the answer.
    const newer = [...current().thread].filter(([, each]) => isIn(ts)(each));
    change({ thread: new Map([...byTs(found), ...newer]) });
  }
  return undefined;
}

/**
 * Return a test for messages of a thread.
 * @param {string | null} thread
 */
export const isIn =
  (thread) =>
  (/** @type {T.Message} */ { raw }) =>
    raw.ts === thread || raw.thread_ts === thread;

/** @param {T.Message} props */
const isListed = ({ raw }) =>
  !raw.thread_ts || raw.thread_ts === raw.ts || raw.subtype === "thread_broadcast";

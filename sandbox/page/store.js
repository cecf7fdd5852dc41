// What the page knows. It is replaced, never altered, so that parts see by identity what changed.
import { address, read } from "./place.js";

let state = {
  place: read(),
  app: null,
  people: [],
  channels: [],
  // The messages of the channel by ts: an unbroken stretch of its list, without replies.
  messages: new Map(),
  // Those of the thread that is open, its root too.
  thread: new Map(),
  // Whether there is more of the list before and after that stretch.
  // Which loading of it that was.
  loaded: 0,
  older: false,
  newer: false,
  // Whether the reader is at its end.
  atLatest: true,
  // How often the reader asked to be there.
  returns: 0,
  modal: null,
  depth: 0,
  home: null,
  // Whom the parts above were told to.
  reader: null,
  // The message that is edited in place: {ts, thread}.
  editing: null,
  // The page's own dialog that is open: {part, given}.
  dialog: null,
  // Whether the side bar is open where there is no room for it.
  side: false,
  notices: [],
  connected: true,
};
const watching = new Set();

export const current = () => state;

/** Call `seen` whenever something changed. */
export function watch(seen) {
  watching.add(seen);
  return () => watching.delete(seen);
}

export function change(parts) {
  state = { ...state, ...parts };
  for (const seen of watching) seen();
}

/** Go somewhere; what is not named stays. `replace` leaves no step for the browser's Back. */
export function go(where, { replace = false } = {}) {
  const place = { ...state.place, ...where };
  history[replace ? "replaceState" : "pushState"](null, "", address(place));
  change({ place });
}

addEventListener("popstate", () => change({ place: read(), editing: null, dialog: null }));

/** Take messages that were loaded or have changed into "messages" or "thread", and drop those that went. */
export function merge(part, messages, gone = []) {
  const all = new Map(state[part]);
  for (const ts of gone) all.delete(ts);
  for (const each of messages) all.set(each.raw.ts, each);
  change({ [part]: all });
}

let counted = 0;

/** Tell the person something, for a while. */
export function notice(words) {
  const one = { id: (counted += 1), words };
  change({ notices: [...state.notices, one] });
  setTimeout(() => dismiss(one.id), 8000);
}

export const dismiss = (id) => change({ notices: state.notices.filter((each) => each.id !== id) });

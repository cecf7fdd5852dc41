// @ts-check
// The page's state. It is replaced and never altered, so that parts can compare by identity.
/** @import * as T from "./types.js" */
import { address, read } from "./place.js";

/** @type {T.State} */
let state = {
  place: read(),
  // Before the first patch there is none; the component `App` then draws nothing else.
  app: /** @type {any} */ (null),
  people: [],
  channels: [],
  // The channel's messages by ts: an unbroken stretch of its list, without replies.
  messages: new Map(),
  // The messages of the open thread by ts, with its root.
  thread: new Map(),
  // The number of the load that brought that stretch.
  loaded: 0,
  // Whether the list goes on before and after that stretch.
  older: false,
  newer: false,
  // Whether the reader is at the end of the list.
  atLatest: true,
  // How often the reader jumped to the end.
  returns: 0,
  modal: null,
  depth: 0,
  home: null,
  // The person for whom the parts above were loaded.
  reader: null,
  // The message that is being edited in place.
  editing: null,
  // The open dialog of the page itself.
  dialog: null,
  // Whether the side bar is open on a narrow screen.
  side: false,
  notices: [],
  connected: true,
};
/** @type {Set<() => void>} */
const watching = new Set();

export const current = () => state;

/**
 * Call `seen` after every change. Returns a function that stops this.
 * @param {() => void} seen
 */
export function watch(seen) {
  watching.add(seen);
  return () => watching.delete(seen);
}

/** @param {Partial<T.State>} parts */
export function change(parts) {
  state = { ...state, ...parts };
  for (const seen of watching) seen();
}

/**
 * Go to a place; parts that `where` leaves out stay. `replace` adds no step to the browser's
 * history.
 * @param {Partial<T.Place>} where
 * @param {{ replace?: boolean }} [parts]
 */
export function go(where, { replace = false } = {}) {
  const place = { ...state.place, ...where };
  history[replace ? "replaceState" : "pushState"](null, "", address(place));
  change({ place });
}

addEventListener("popstate", () => change({ place: read(), editing: null, dialog: null }));

/**
 * Merge loaded or changed messages into a part of the state, and drop those that are gone.
 * @param {"messages" | "thread"} part
 * @param {T.Message[]} messages
 * @param {string[]} [gone]
 */
export function merge(part, messages, gone = []) {
  const all = new Map(state[part]);
  for (const ts of gone) all.delete(ts);
  for (const each of messages) all.set(each.raw.ts, each);
  change({ [part]: all });
}

let counted = 0;

/**
 * Show a notice to the person for 8 seconds.
 * @param {string} words
 */
export function notice(words) {
  counted += 1;
  const id = counted;
  change({ notices: [...state.notices, { id, words }] });
  setTimeout(() => dismiss(id), 8000);
}

/** @param {number} id */
export const dismiss = (id) => change({ notices: state.notices.filter((each) => each.id !== id) });

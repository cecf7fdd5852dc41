// @ts-check
// Unsent drafts by person and place, until the window closes.

/** @typedef {{ user: string, channel: string, thread: string | null }} DraftPlace */

/** @param {DraftPlace} props */
const key = ({ user, channel, thread }) => ["draft", user, channel, thread ?? ""].join(" ");

/**
 * Return the draft of a place; "" if there is none.
 * @param {DraftPlace} place
 */
export const draft = (place) => sessionStorage.getItem(key(place)) ?? "";

/**
 * Store a draft; an empty one is removed.
 * @param {DraftPlace} place
 * @param {string} text
 */
export function keep(place, text) {
  if (text) sessionStorage.setItem(key(place), text);
  else sessionStorage.removeItem(key(place));
}

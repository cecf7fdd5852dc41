// Unsent drafts by person and place, until the window closes.

const key = ({ user, channel, thread }) => ["draft", user, channel, thread ?? ""].join(" ");

/** Return the draft of a place; "" if there is none. */
export const draft = (place) => sessionStorage.getItem(key(place)) ?? "";

/** Store a draft; an empty one is removed. */
export function keep(place, text) {
  if (text) sessionStorage.setItem(key(place), text);
  else sessionStorage.removeItem(key(place));
}

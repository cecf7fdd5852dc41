// What was typed and not sent, by person and place, for as long as the window is open.

const key = ({ user, channel, thread }) => ["draft", user, channel, thread ?? ""].join(" ");

/** Return the draft of a place ({user, channel, thread}); "" where there is none. */
export const draft = (place) => sessionStorage.getItem(key(place)) ?? "";

/** Keep a draft; an empty one is forgotten. */
export function keep(place, text) {
  if (text) sessionStorage.setItem(key(place), text);
  else sessionStorage.removeItem(key(place));
}

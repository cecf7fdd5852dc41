// Emoji by name. Their characters stand in a file that is loaded when a name is first met.
import { change } from "../store.js";
import { html } from "../ui.js";

const NAMED = /:([a-z0-9_+-]+):(?::skin-tone-([2-6]):)?/g;
// What follows the first character of an emoji to colour it; Slack counts the tones from 2.
const TONES = { 2: "\u{1f3fb}", 3: "\u{1f3fc}", 4: "\u{1f3fd}", 5: "\u{1f3fe}", 6: "\u{1f3ff}" };

let plain = null;
let toned = null;
let asked = false;

async function load() {
  const answer = await fetch(new URL("../vendor/emoji.json", import.meta.url));
  const found = await answer.json();
  plain = new Map(Object.entries(found.plain));
  toned = new Map(Object.entries(found.toned));
  // Everything that was drawn with names is drawn again.
  change({ emoji: plain });
}

/** Return the character of a name, in a tone of 2 to 6; undefined for an unknown name, and until the file is here. */
export function character(name, tone) {
  if (!plain) {
    asked ||= Boolean(load());
    return undefined;
  }
  const found = toned.get(name);
  if (found === undefined) return plain.get(name);
  if (!TONES[tone]) return found;
  const [first, ...rest] = found;
  return [first, TONES[tone], ...(rest[0] === "\ufe0f" ? rest.slice(1) : rest)].join("");
}

/** Return the emoji whose names hold a word, those that begin with it first, each as {name, sign}; none until the file is here. */
export function search(word) {
  character("");
  const wanted = word.toLowerCase().replaceAll(" ", "_");
  const rank = (name) => (name === wanted ? 0 : name.startsWith(wanted) ? 1 : 2);
  const every = [...(plain ?? []), ...(toned ?? [])].filter(([name]) => name.includes(wanted));
  return every.sort(([a], [b]) => rank(a) - rank(b)).map(([name, sign]) => ({ name, sign }));
}

/** Return a text with the names in it as characters. */
export const withCharacters = (words) => words.replace(NAMED, (whole, name, tone) => character(name, tone) ?? whole);

/** Return an emoji as it stands in a text: its character, with its name to point at; the name where there is none. */
export function emoji(name, tone, otherwise) {
  const found = character(name, tone) ?? otherwise;
  return found ? html`<span class="emoji" title=${`:${name}:`}>${found}</span>` : `:${name}:${tone ? `:skin-tone-${tone}:` : ""}`;
}

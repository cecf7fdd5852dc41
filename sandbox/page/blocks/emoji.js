// @ts-check
// Emoji by name. The file with their characters loads when the first name is needed.
/** @import * as T from "../types.js" */
import { change } from "../store.js";
import { html } from "../ui.js";

const NAMED = /:([a-z0-9_+-]+):(?::skin-tone-([2-6]):)?/g;
// The modifier that follows the first character of an emoji, by skin tone; Slack counts from 2.
/** @type {Record<string, string>} */
const TONES = { 2: "\u{1f3fb}", 3: "\u{1f3fc}", 4: "\u{1f3fd}", 5: "\u{1f3fe}", 6: "\u{1f3ff}" };

/** @type {T.Emoji | null} */
let plain = null;
/** @type {T.Emoji} */
let toned = new Map();
let isLoading = false;

async function load() {
  isLoading = true;
  const answer = await fetch(new URL("../vendor/emoji.json", import.meta.url));
  const found = await answer.json();
  plain = new Map(Object.entries(found.plain));
  toned = new Map(Object.entries(found.toned));
  // Draw everything again that shows names instead of emoji.
  change({ emoji: plain });
}

/**
 * Return the character of a name, with a skin tone of 2 to 6; undefined if unknown or not loaded.
 * @param {string} name
 * @param {string | number} [tone]
 */
export function character(name, tone) {
  if (!plain) {
    if (!isLoading) load();
    return undefined;
  }
  const found = toned.get(name);
  if (found === undefined) return plain.get(name);
  const modifier = TONES[tone ?? ""];
  if (!modifier) return found;
  const [first, ...rest] = found;
  return [first, modifier, ...(rest[0] === "\ufe0f" ? rest.slice(1) : rest)].join("");
}

/**
 * Return the emoji whose names contain a word, those that begin with it first; none until loaded.
 * @param {string} word
 */
export function search(word) {
  character("");
  const wanted = word.toLowerCase().replaceAll(" ", "_");
  /** @param {string} name */
  const rank = (name) => (name === wanted ? 0 : name.startsWith(wanted) ? 1 : 2);
  const every = [...(plain ?? []), ...toned].filter(([name]) => name.includes(wanted));
  return every.sort(([a], [b]) => rank(a) - rank(b)).map(([name, sign]) => ({ name, sign }));
}

/**
 * Return a text with its emoji names replaced by characters.
 * @param {string} words
 */
export const withCharacters = (words) =>
  words.replace(NAMED, (whole, name, tone) => character(name, tone) ?? whole);

/**
 * Return an emoji in a text: its character with its name as tooltip, or the name if unknown.
 * @param {string} name
 * @param {string | number} [tone]
 * @param {string} [otherwise]
 */
export function emoji(name, tone, otherwise) {
  const found = character(name, tone) ?? otherwise;
  return found
    ? html`<span class="emoji" title=${`:${name}:`}>${found}</span>`
    : `:${name}:${tone ? `:skin-tone-${tone}:` : ""}`;
}

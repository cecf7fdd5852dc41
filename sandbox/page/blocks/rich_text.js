// @ts-check
// The rich_text block: sections, lists, quotes and code.
/** @import * as T from "../types.js" */
import { html } from "../ui.js";
import { moment } from "./dates.js";
import { emoji } from "./emoji.js";
import { broadcast, channel, group, link, user } from "./links.js";

/**
 * Draw a rich_text block.
 * @param {T.RichText} block
 * @param {T.Names} names
 */
export const richText = (block, names) => nested(block.elements).map((each) => part(each, names));

/**
 * @param {T.RichText} given
 * @param {T.Names} names
 */
const part = (given, names) =>
  (Object.hasOwn(PARTS, given.type) ? PARTS[given.type] : unknown)(given, names);

/** @param {T.RichText} given */
const unknown = (given) => html`
  <span class="unknown">The sandbox can't draw <code>${given.type}</code>.</span>
`;

/**
 * @param {T.RichText} given
 * @param {T.Names} names
 */
const inside = (given, names) => given.elements.map((each) => part(each, names));

/**
 * Move each list that is indented further into the last item of the list before it.
 * @param {T.RichText[]} parts
 */
function nested(parts) {
  /** @type {T.RichText[]} */
  const found = [];
  for (const each of parts) {
    const before = found.at(-1);
    const deeper =
      each.type === "rich_text_list" &&
      before?.type === "rich_text_list" &&
      (each.indent ?? 0) > (before.indent ?? 0);
    if (deeper) found[found.length - 1] = { ...before, below: [...(before.below ?? []), each] };
    else found.push(each);
  }
  return found;
}

// Slack repeats three signs and three kinds of numbers by indentation.
const BULLETS = ["disc", "circle", "square"];
const NUMBERS = ["decimal", "lower-alpha", "lower-roman"];

/**
 * @param {T.RichText} given
 * @param {T.Names} names
 */
function list(given, names) {
  const ordered = given.style === "ordered";
  const last = given.elements.length - 1;
  const below = nested(given.below ?? []).map((each) => part(each, names));
  const items = given.elements.map(
    (each, index) => html`<li>${part(each, names)}${index === last && below}</li>`,
  );
  const style = `list-style-type: ${(ordered ? NUMBERS : BULLETS)[(given.indent ?? 0) % 3]}`;
  const kind = given.border ? "bordered" : undefined;
  return ordered
    ? html`<ol class=${kind} style=${style} start=${(given.offset ?? 0) + 1}>${items}</ol>`
    : html`<ul class=${kind} style=${style}>${items}</ul>`;
}

/** @param {string} character */
const code = (character) =>
  character
    ? String.fromCodePoint(...character.split("-").map((each) => Number.parseInt(each, 16)))
    : undefined;

/** @param {string} value */
function swatch(value) {
  // Only a valid colour may go into a style attribute.
  if (!/^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(value)) return value;
  return html`
    <span class="colour"><span class="swatch" style=${`background: ${value}`}></span>${value}</span>
  `;
}

/** @type {Record<string, (given: any, names: T.Names) => T.Drawn>} Each part has its own fields. */
const INLINE = {
  text: (given) => given.text,
  link: (given) => link(given.url, given.text || given.url),
  user: (given, names) => user(given.user_id, names),
  usergroup: (given, names) => group(given.usergroup_id, names),
  channel: (given, names) => channel(given.channel_id, names),
  broadcast: (given) => broadcast(given.range),
  team: (given, names) => html`
    <span class="mention">
      ${given.team_id === names.app.team ? names.app.domain : given.team_id}
    </span>
  `,
  color: (given) => swatch(given.value),
  emoji: (given) =>
    emoji(
      given.name,
      given.skin_tone,
      /^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/i.test(given.unicode ?? "")
        ? code(given.unicode)
        : undefined,
    ),
  date: (given, names) =>
    moment(String(given.timestamp), given.format, {
      zone: given.timezone ?? names.zone,
      url: given.url,
      fallback: given.fallback,
    }),
};

/** @type {Record<string, (given: T.RichText, names: T.Names) => T.Drawn>} */
const PARTS = {
  ...Object.fromEntries(
    Object.entries(INLINE).map(([kind, draw]) => [
      kind,
      (given, names) => styled(draw(given, names), given.style),
    ]),
  ),
  rich_text_section: (given, names) => html`<div class="rich">${inside(given, names)}</div>`,
  rich_text_preformatted: (given, names) => html`
    <pre class=${given.border ? "bordered" : undefined}>${inside(given, names)}</pre>
  `,
  rich_text_quote: (given, names) => html`
    <blockquote class=${given.border ? "bordered" : undefined}>${inside(given, names)}</blockquote>
  `,
  rich_text_list: list,
};

/**
 * @param {T.Drawn} words
 * @param {T.Json} [style]
 */
function styled(words, style = {}) {
  let found = words;
  if (style.code) found = html`<code>${found}</code>`;
  if (style.bold) found = html`<strong>${found}</strong>`;
  if (style.italic) found = html`<em>${found}</em>`;
  if (style.strike) found = html`<s>${found}</s>`;
  if (style.underline) found = html`<u>${found}</u>`;
  if (style.highlight || style.client_highlight) found = html`<mark>${found}</mark>`;
  return found;
}

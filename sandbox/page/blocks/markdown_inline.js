// @ts-check
// Markdown within a line: styles, code, links, and Slack's mentions.
/** @import * as T from "../types.js" */
import { html } from "../ui.js";
import { emoji } from "./emoji.js";
import { link } from "./links.js";
import { reference, unescapeText } from "./mrkdwn.js";

const TOKEN = new RegExp(
  [
    /\\(?<sign>[\\`*_{}[\]()#+\-.!|~<>])/,
    /(?<ticks>`+)(?<code>[^`]|[^`][\s\S]*?[^`])\k<ticks>(?!`)/,
    // A picture is drawn as a link, as Slack does.
    /!?\[(?<label>[^\]\n]*)\]\(<?(?<url>(?:[^\s()<>]|\([^\s()]*\))+)>?(?:\s+"[^"]*")?\)/,
    /<(?<live>[@#!][^<>\s]+)>/,
    /<(?<address>(?:https?:\/\/|mailto:)[^\s<>]+)>/,
    /(?<bare>https?:\/\/[^\s<>]*[^\s<>.,;:!?)'"*_~])/,
    /\*\*(?=\S)(?<bold>[\s\S]*?\S)\*\*/,
    /(?<!\w)__(?=\S)(?<strong>[\s\S]*?\S)__(?!\w)/,
    /\*(?=[^\s*])(?<italic>[^*]*[^\s*])\*/,
    /(?<!\w)_(?=\S)(?<stressed>[^_]*[^\s_])_(?!\w)/,
    /~~(?=\S)(?<struck>[\s\S]*?\S)~~/,
    /:(?<name>[a-z0-9_+-]+):(?::skin-tone-(?<tone>[2-6]):)?/,
  ]
    .map((each) => each.source)
    .join("|"),
  "g",
);

/**
 * Return the elements of a line or paragraph.
 * @param {string} words
 * @param {T.Names} names
 * @returns {T.Drawn[]}
 */
export function inline(words, names) {
  const found = [];
  let end = 0;
  for (const match of words.matchAll(TOKEN)) {
    found.push(unescapeText(words.slice(end, match.index)), token(match.groups ?? {}, names));
    end = match.index + match[0].length;
  }
  found.push(unescapeText(words.slice(end)));
  return found;
}

/**
 * @param {Record<string, string>} found
 * @param {T.Names} names
 * @returns {T.Drawn}
 */
function token(found, names) {
  const bold = found.bold ?? found.strong;
  const italic = found.italic ?? found.stressed;
  const address = found.address ?? found.bare;
  if (found.sign) return found.sign;
  if (found.code) return html`<code>${found.code.replace(/^ (.*) $/, "$1")}</code>`;
  if (found.url)
    return link(unescapeText(found.url), found.label ? inline(found.label, names) : found.url);
  if (found.live) return reference(found.live, names);
  if (address) return link(unescapeText(address), unescapeText(address));
  if (bold) return html`<strong>${inline(bold, names)}</strong>`;
  if (italic) return html`<em>${inline(italic, names)}</em>`;
  if (found.struck) return html`<s>${inline(found.struck, names)}</s>`;
  return emoji(found.name, found.tone);
}

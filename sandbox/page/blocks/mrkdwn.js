// @ts-check
// Slack's markup as elements. No text of a message is ever used as HTML.
/** @import * as T from "../types.js" */
import { html } from "../ui.js";
import { moment } from "./dates.js";
import { emoji, withCharacters } from "./emoji.js";
import { broadcast, channel, group, link, user } from "./links.js";

/**
 * Undo Slack's escapes once.
 * @param {string} text
 */
export const unescapeText = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/**
 * Return the text of a plain_text object.
 * @param {T.TextObject | undefined} given
 */
export const plain = (given) => {
  const words = unescapeText(given?.text ?? "");
  return given?.emoji === false ? words : withCharacters(words);
};

/**
 * Return the elements of a text object.
 * @param {T.TextObject} given
 * @param {T.Names} names
 */
export const text = (given, names) =>
  given.type === "mrkdwn" ? mrkdwn(given.text, names) : plain(given);

/**
 * Return the elements of a mrkdwn text; `names` gives people and channels by id.
 * @param {string} words
 * @param {T.Names} names
 */
export function mrkdwn(words, names) {
  /** @type {T.Drawn[]} */
  const found = [];
  // The line break next to a code block belongs to the block.
  words.split(/\n?```([\s\S]+?)```\n?/).forEach((each, index) => {
    if (index % 2) found.push(html`<pre>${unescapeText(each).replace(/^\n/, "")}</pre>`);
    else if (each) found.push(...quoted(each, names));
  });
  return found;
}

const QUOTE = /^(?:&gt;|>) ?/;
const REST = /^(?:&gt;|>){3} ?/;

/**
 * Draw the lines of a text; those that start with > are quotes.
 * @param {string} words
 * @param {T.Names} names
 */
function quoted(words, names) {
  /** @type {T.Drawn[]} */
  const found = [];
  const lines = words.split("\n");
  /** @type {string[]} */
  let run = [];
  let inQuote = false;
  const end = () => {
    if (!run.length) return;
    const inner = inline(run.join("\n"), names);
    found.push(...(inQuote ? [html`<blockquote>${inner}</blockquote>`] : inner));
    run = [];
  };
  for (const [index, line] of lines.entries()) {
    if (REST.test(line)) {
      end();
      const rest = [line.replace(REST, ""), ...lines.slice(index + 1)].join("\n");
      return [...found, html`<blockquote>${inline(rest, names)}</blockquote>`];
    }
    if (QUOTE.test(line) !== inQuote) {
      end();
      inQuote = !inQuote;
    }
    run.push(inQuote ? line.replace(QUOTE, "") : line);
  }
  end();
  return found;
}

// A style begins and ends at the edge of a word, without a space inside the signs.
/**
 * @param {string} sign
 * @param {string} name
 */
const styled = (sign, name) =>
  [
    `(?<![\\w${sign}])\\${sign}(?!\\s)`,
    `(?<${name}>[^${sign}\\n]*[^${sign}\\s])`,
    `\\${sign}(?![\\w${sign}])`,
  ].join("");
const TOKEN = new RegExp(
  [
    /`(?<code>[^`\n]+)`/.source,
    /<(?<live>[^<>\n]+)>/.source,
    styled("*", "bold"),
    styled("_", "italic"),
    styled("~", "struck"),
    /:(?<name>[a-z0-9_+-]+):(?::skin-tone-(?<tone>[2-6]):)?/.source,
  ].join("|"),
  "g",
);

/**
 * @param {string} words
 * @param {T.Names} names
 * @returns {T.Drawn[]}
 */
function inline(words, names) {
  const found = [];
  let end = 0;
  for (const match of words.matchAll(TOKEN)) {
    if (match.index > end) found.push(unescapeText(words.slice(end, match.index)));
    found.push(token(match.groups ?? {}, names));
    end = match.index + match[0].length;
  }
  if (end < words.length) found.push(unescapeText(words.slice(end)));
  return found;
}

/**
 * @param {Record<string, string>} parts
 * @param {T.Names} names
 * @returns {T.Drawn}
 */
function token({ code, live, bold, italic, struck, name, tone }, names) {
  if (code) return html`<code>${unescapeText(code)}</code>`;
  if (live) return reference(live, names);
  if (bold) return html`<strong>${inline(bold, names)}</strong>`;
  if (italic) return html`<em>${inline(italic, names)}</em>`;
  if (struck) return html`<s>${inline(struck, names)}</s>`;
  return emoji(name, tone);
}

/**
 * Return the element for `<…>`: a person, channel, group, broadcast, date or link.
 * @param {string} live
 * @param {T.Names} names
 */
export function reference(live, names) {
  const [what, label] = parted(live);
  if (/^@[UW]/.test(what)) return user(what.slice(1), names, unescapeText(label));
  if (what.startsWith("#")) return channel(what.slice(1), names);
  if (what.startsWith("!subteam^"))
    return group(what.slice("!subteam^".length), names, unescapeText(label));
  if (what.startsWith("!date^")) return date(what, unescapeText(label), names);
  if (/^!(here|channel|everyone)$/.test(what)) return broadcast(what.slice(1));
  if (/^[@!]/.test(what)) return unescapeText(label || `<${what}>`);
  return link(
    unescapeText(what),
    label ? withCharacters(unescapeText(label)) : unescapeText(what.replace(/^mailto:/, "")),
  );
}

/** @param {string} live */
const parted = (live) => {
  const at = live.indexOf("|");
  return at < 0 ? [live, ""] : [live.slice(0, at), live.slice(at + 1)];
};

/**
 * @param {string} what
 * @param {string} fallback
 * @param {T.Names} names
 */
function date(what, fallback, names) {
  const [, seconds, pattern, url] = what.split("^");
  return moment(seconds, unescapeText(pattern ?? ""), {
    zone: names.zone,
    url: url && unescapeText(url),
    fallback,
  });
}

// @ts-check
// Rich text as the markup that a person types.
/** @import * as T from "../types.js" */
const SIGNS = [
  ["code", "`"],
  ["bold", "*"],
  ["italic", "_"],
  ["strike", "~"],
];

/** @type {Record<string, (part: any, names: T.Names) => string>} Each part has its own fields. */
const INLINE = {
  text: ({ text }) => text,
  link: ({ url }) => url,
  user: ({ user_id: id }, names) => `@${names.user(id)}`,
  channel: ({ channel_id: id }, names) => `#${names.channel(id)}`,
  broadcast: ({ range }) => `@${range}`,
  emoji: ({ name }) => `:${name}:`,
};

/**
 * @param {string} words
 * @param {T.Json | undefined} style
 */
const styled = (words, style) =>
  SIGNS.reduce((found, [name, sign]) => (style?.[name] ? `${sign}${found}${sign}` : found), words);

/**
 * @param {T.RichText} parts
 * @param {T.Names} names
 */
const run = ({ elements }, names) =>
  elements.map((each) => styled(INLINE[each.type]?.(each, names) ?? "", each.style)).join("");

/** @type {Record<string, (part: T.RichText, names: T.Names) => string>} */
const PARTS = {
  rich_text_section: run,
  rich_text_preformatted: (part, names) => `\`\`\`\n${run(part, names)}\n\`\`\``,
  rich_text_quote: (part, names) =>
    run(part, names)
      .split("\n")
      .map((line) => `> ${line}`)
      .join("\n"),
  rich_text_list: (part, names) =>
    part.elements
      .map(
        (each, index) => `${part.style === "ordered" ? `${index + 1}.` : "-"} ${run(each, names)}`,
      )
      .join("\n"),
};

/**
 * Return the markup for a rich_text value.
 * @param {T.RichText} given
 * @param {T.Names} names
 */
export const markup = (given, names) =>
  given.elements.map((part) => PARTS[part.type](part, names).replace(/\n$/, "")).join("\n");

// Rich text as the markup that a person types.
const SIGNS = [
  ["code", "`"],
  ["bold", "*"],
  ["italic", "_"],
  ["strike", "~"],
];

const INLINE = {
  text: ({ text }) => text,
  link: ({ url }) => url,
  user: ({ user_id: id }, names) => `@${names.user(id)}`,
  channel: ({ channel_id: id }, names) => `#${names.channel(id)}`,
  broadcast: ({ range }) => `@${range}`,
  emoji: ({ name }) => `:${name}:`,
};

const styled = (words, style) =>
  SIGNS.reduce((found, [name, sign]) => (style?.[name] ? `${sign}${found}${sign}` : found), words);

const run = ({ elements }, names) =>
  elements.map((each) => styled(INLINE[each.type]?.(each, names) ?? "", each.style)).join("");

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

/** Return the markup for a rich_text value. */
export const markup = (given, names) =>
  given.elements.map((part) => PARTS[part.type](part, names).replace(/\n$/, "")).join("\n");

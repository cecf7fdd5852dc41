// rich_text: sections, lists, quotes and code, as people type them and apps send them.
import { html } from "../ui.js";
import { link, reference } from "./mrkdwn.js";

export const richText = (block, names) => block.elements.map((each) => part(each, names));

const inside = (given, names) => given.elements.map((each) => part(each, names));

const PARTS = {
  text: (given) => styled(given.text, given.style),
  link: (given) => styled(link(given.url, given.text ?? given.url), given.style),
  user: (given, names) => reference(`@${given.user_id}`, names),
  channel: (given, names) => reference(`#${given.channel_id}`, names),
  broadcast: (given, names) => reference(`!${given.range}`, names),
  emoji: (given) => `:${given.name}:`,
  rich_text_section: (given, names) => html`<span>${inside(given, names)}</span>`,
  rich_text_preformatted: (given, names) => html`<pre>${inside(given, names)}</pre>`,
  rich_text_quote: (given, names) => html`<blockquote>${inside(given, names)}</blockquote>`,
  rich_text_list: (given, names) => {
    const items = given.elements.map((each) => html`<li>${part(each, names)}</li>`);
    return given.style === "ordered" ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
  },
};

const part = (given, names) => (PARTS[given.type] ?? unknown)(given, names);

const unknown = (given) => html`<span class="unknown">${given.type}?</span>`;

function styled(words, style = {}) {
  let found = words;
  if (style.code) found = html`<code>${found}</code>`;
  if (style.bold) found = html`<strong>${found}</strong>`;
  if (style.italic) found = html`<em>${found}</em>`;
  if (style.strike) found = html`<s>${found}</s>`;
  return found;
}

// Blocks as a person sees them. `at` says where they stand:
// {names, surface, key, values, errors, use(block, element, choice), suggest(block, element, typed)}.
import { imageSource } from "../files.js";
import { html } from "../ui.js";
import { element } from "./elements.js";
import { text } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

export const draw = (blocks, at) => blocks.map((block) => html`<${one} key=${block.block_id} block=${block} at=${at} />`);

const one = ({ block, at }) => (BLOCKS[block.type] ?? unknown)(block, at);

const unknown = (block) => html`<p class="unknown">The sandbox does not know how to draw <code>${block.type}</code>.</p>`;

const BLOCKS = {
  header: (block, at) => html`<h4 class="block-header">${text(block.text, at.names)}</h4>`,
  divider: () => html`<hr />`,
  image: (block, at) => html`<img class="picture" src=${imageSource(block, at.names)} alt=${block.alt_text} />`,
  context: (block, at) => html`
    <div class="context">${block.elements.map((each) => (each.type === "image" ? element(block, each, at) : html`<span>${text(each, at.names)}</span>`))}</div>`,
  actions: (block, at) => html`<div class="actions">${block.elements.map((each) => element(block, each, at))}</div>`,
  section: (block, at) => html`
    <div class="section">
      <div class="text">
        ${block.text && text(block.text, at.names)}
        ${block.fields && html`<div class="fields">${block.fields.map((each) => html`<div>${text(each, at.names)}</div>`)}</div>`}
      </div>
      ${block.accessory && element(block, block.accessory, at)}
    </div>`,
  input: (block, at) => {
    const wrong = at.errors?.[block.block_id];
    const id = `${at.key}-${block.block_id}`;
    return html`
      <div class=${wrong ? "input wrong" : "input"}>
        <label for=${id}>${text(block.label, at.names)}${block.optional && html` <small>(optional)</small>`}</label>
        ${element(block, block.element, at, { id, "aria-describedby": `${id}-words`, "aria-invalid": Boolean(wrong) })}
        <div id=${`${id}-words`}>
          ${wrong && html`<p class="error" role="alert">${wrong}</p>`}
          ${block.hint && html`<p class="quiet">${text(block.hint, at.names)}</p>`}
        </div>
      </div>`;
  },
  rich_text: (block, at) => html`<div class="text">${richText(block, at.names)}</div>`,
};

// @ts-check
// Blocks as a person sees them. `at` is their surface: see surface.js.
/** @import * as T from "../types.js" */
import { html } from "../ui.js";
import { alert, card, carousel, container } from "./cards.js";
import { element, keepsValue } from "./elements.js";
import { picture, titled } from "./images.js";
import { InputBlock } from "./input.js";
import { markdown } from "./markdown.js";
import { plain, text } from "./mrkdwn.js";
import { richText } from "./rich_text.js";
import { section } from "./section.js";
import { DataTable, table } from "./table.js";
import { file, plan, taskCard, video } from "./tasks.js";

/**
 * Draw the blocks of a surface. In a message, tables come last, as attachments do.
 * @param {T.Block[]} blocks
 * @param {T.Surface} at
 */
export function draw(blocks, at) {
  const last = at.surface === "message" ? blocks.filter(isTable) : [];
  const first = last.length ? blocks.filter((each) => !isTable(each)) : blocks;
  return [
    ...drawAll(first, at),
    last.length > 0 && html`<div class="attachment tables" key="tables">${drawAll(last, at)}</div>`,
  ];
}

/** @param {T.Block} block */
const isTable = (block) => block.type === "table";

/**
 * @param {T.Block[]} blocks
 * @param {T.Surface} at
 */
const drawAll = (blocks, at) =>
  blocks.map((block) => html`<${Block} key=${keyOf(block)} block=${block} at=${at} />`);

// An update gives a new id to every block that the app didn't name. Values go with the id, as in
// Slack. Blocks without values have no key: an update between the press of a mouse button and its
// release must not replace the button.
/** @param {T.Block} block */
const keyOf = (block) =>
  block.type === "input" || [block.accessory, ...(block.elements ?? [])].some(keepsValue)
    ? block.block_id
    : undefined;

/** @param {{ block: T.Block, at: T.Surface }} props */
const Block = ({ block, at }) =>
  (Object.hasOwn(BLOCKS, block.type) ? BLOCKS[block.type] : unknownBlock)(block, at);

/** @param {T.Block} block */
const unknownBlock = (block) => html`
  <p class="unknown">The sandbox can't draw <code>${block.type}</code>.</p>
`;

/** @type {Record<number, string>} */
const LEVELS = { 1: "h4", 2: "h5", 3: "h6", 4: "h6" };

/** @type {Record<string, (block: any, at: T.Surface) => T.Drawn>} Each draws its own type. */
const BLOCKS = {
  section,
  header: (block) => html`
    <${LEVELS[block.level ?? 1]} class=${`block-header level-${block.level ?? 1}`}>
      ${plain(block.text)}
    <//>
  `,
  divider: () => html`<hr />`,
  image: (block, at) => titled(block, at),
  context: (/** @type {T.ContextBlock} */ block, at) => html`
    <div class="context">
      ${block.elements.map((given) =>
        given.type === "image"
          ? picture(given, at, "small")
          : html`<span>${text(given, at.names)}</span>`,
      )}
    </div>
  `,
  actions: buttons,
  context_actions: buttons,
  input: (block, at) => html`<${InputBlock} block=${block} at=${at} />`,
  rich_text: (block, at) => html`<div class="text">${richText(block, at.names)}</div>`,
  markdown: (block, at) => html`<div class="markdown">${markdown(block.text, at.names)}</div>`,
  table: (block, at) => table(block, at.names),
  data_table: (block, at) => html`<${DataTable} block=${block} names=${at.names} />`,
  card,
  carousel,
  container: (block, at) => container(block, at, drawAll(block.child_blocks, at)),
  alert,
  video,
  file,
  task_card: (block, at) => taskCard(block, at.names),
  plan: (block, at) => plan(block, at.names),
};

/**
 * @param {T.ActionsBlock} block
 * @param {T.Surface} at
 */
function buttons(block, at) {
  return html`
    <div class=${block.type === "actions" ? "actions" : "actions quiet-actions"}>
      ${block.elements.map((given) => element(block, given, at))}
    </div>
  `;
}

// @ts-check
// The section block: its text, its fields and its accessory.
/** @import * as T from "../types.js" */
import { html, useState } from "../ui.js";
import { element } from "./elements.js";
import { picture } from "./images.js";
import { text } from "./mrkdwn.js";

// Slack folds long texts in messages unless the section has `expand`. It publishes no limit.
const LONG = { characters: 1200, lines: 20 };

/** @param {T.TextObject} props */
const isLong = ({ text: words }) =>
  words.length > LONG.characters || words.split("\n").length > LONG.lines;

/**
 * @param {T.SectionBlock} block
 * @param {T.Surface} at
 */
export function section(block, at) {
  const folds = at.surface === "message" && !block.expand && block.text && isLong(block.text);
  const words = block.text && text(block.text, at.names);
  const { accessory } = block;
  return html`
    <div class="section">
      <div class="text">
        ${folds ? html`<${Folded} words=${words} />` : words}
        ${
          block.fields &&
          html`
            <div class="fields">
              ${block.fields.map((each) => html`<div>${text(each, at.names)}</div>`)}
            </div>
          `
        }
      </div>
      ${
        accessory &&
        (accessory.type === "image"
          ? picture(/** @type {T.Image} */ (accessory), at, "small")
          : element(block, accessory, at))
      }
    </div>
  `;
}

/** @param {{ words: T.Drawn }} props */
function Folded({ words }) {
  const [open, setOpen] = useState(false);
  return html`
    <div class=${open ? "folded open" : "folded"}>${words}</div>
    <button type="button" class="plain" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      ${open ? "Show less" : "Show more"}
    </button>
  `;
}

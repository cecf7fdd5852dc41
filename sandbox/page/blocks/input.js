// @ts-check
// The input block: a label, an element, a hint and an error.
/** @import * as T from "../types.js" */
import { html, useId } from "../ui.js";
import { element } from "./elements.js";
import { text } from "./mrkdwn.js";

const GROUPED = ["checkboxes", "radio_buttons"];

/** @param {{ block: T.InputBlock, at: T.Surface }} props */
export function InputBlock({ block, at }) {
  const id = useId();
  const wrong = at.errors?.[block.block_id];
  const label = html`
    ${text(block.label, at.names)}
    ${block.optional && html` <small>(optional)</small>`}
  `;
  const field = {
    id,
    "aria-describedby": `${id}-words`,
    "aria-invalid": Boolean(wrong),
    "aria-required": block.optional ? undefined : true,
  };
  return html`
    <div class=${wrong ? "input wrong" : "input"} data-block=${block.block_id}>
      ${
        GROUPED.includes(block.element.type)
          ? html`<span class="label" id=${`${id}-label`}>${label}</span>`
          : html`<label class="label" for=${id}>${label}</label>`
      }
      ${element(block, block.element, at, field)}
      <div id=${`${id}-words`}>
        ${wrong && html`<p class="error" role="alert">${wrong}</p>`}
        ${block.hint && html`<p class="quiet">${text(block.hint, at.names)}</p>`}
      </div>
    </div>
  `;
}

// @ts-check
// Cards, carousels, containers and alerts.
/** @import * as T from "../types.js" */
import { html } from "../ui.js";
import { element } from "./elements.js";
import { picture } from "./images.js";
import { text } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

/**
 * @param {T.CardBlock} block
 * @param {T.Surface} at
 */
export function card(block, at) {
  const { names } = at;
  return html`
    <article class="card">
      ${block.hero_image && picture(block.hero_image, at, "hero")}
      ${
        (block.icon || block.title || block.subtitle) &&
        html`
          <div class="card-head">
            ${block.icon && picture(block.icon, at, "icon")}
            <div>
              ${block.title && html`<p class="card-title">${text(block.title, names)}</p>`}
              ${block.subtitle && html`<p class="quiet">${text(block.subtitle, names)}</p>`}
            </div>
          </div>
        `
      }
      ${block.body && html`<div class="card-body">${text(block.body, names)}</div>`}
      ${
        block.actions &&
        html`<div class="actions">${block.actions.map((given) => element(block, given, at))}</div>`
      }
    </article>
  `;
}

/**
 * @param {T.CarouselBlock} block
 * @param {T.Surface} at
 */
export const carousel = (block, at) => html`
  <ul class="carousel" aria-label=${`${block.elements.length} cards`} tabindex="0">
    ${block.elements.map((each) => html`<li>${card(each, at)}</li>`)}
  </ul>
`;

/**
 * Draw a container around its drawn blocks.
 * @param {T.ContainerBlock} block
 * @param {T.Surface} at
 * @param {T.Drawn} children
 */
export function container(block, at, children) {
  const title = block.rich_text_title
    ? richText(block.rich_text_title, at.names)
    : text(block.title, at.names);
  const head = html`
    ${block.icon && picture(block.icon, at, "icon")}
    <div>
      <div class="card-title">${title}</div>
      ${block.subtitle && html`<p class="quiet">${text(block.subtitle, at.names)}</p>`}
    </div>
  `;
  const kind = `container ${block.width ?? "standard"}`;
  if (block.is_collapsible) {
    return html`
      <details class=${kind} open=${!block.default_collapsed}>
        <summary class="card-head">${head}</summary>
        <div class="inside">${children}</div>
      </details>
    `;
  }
  return html`
    <section class=${kind}>
      <div class=${block.has_header_divider ? "card-head divided" : "card-head"}>${head}</div>
      <div class="inside">${children}</div>
    </section>
  `;
}

const LEVELS = {
  default: ["▪", "Note"],
  info: ["ℹ", "Information"],
  warning: ["▲", "Warning"],
  error: ["✕", "Error"],
  success: ["✓", "Success"],
};

/**
 * @param {T.AlertBlock} block
 * @param {T.Surface} at
 */
export function alert(block, at) {
  const level = block.level ?? "default";
  const [sign, word] = LEVELS[level];
  return html`
    <div class=${`alert is-${level}`} role="note">
      <span class="sign" aria-hidden="true">${sign}</span>
      <div><span class="sr-only">${word}: </span>${text(block.text, at.names)}</div>
    </div>
  `;
}

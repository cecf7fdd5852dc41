// @ts-check
// Tasks and plans, videos and remote files.
/** @import * as T from "../types.js" */
import { html } from "../ui.js";
import { picture } from "./images.js";
import { link } from "./links.js";
import { plain } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

const STATUS = {
  pending: ["○", "Pending"],
  in_progress: ["◐", "In progress"],
  complete: ["✓", "Complete"],
  error: ["✕", "Failed"],
};

/**
 * @param {T.TaskCardBlock} block
 * @param {T.Names} names
 */
export function taskCard(block, names) {
  const status = block.status ?? "pending";
  const [sign, word] = STATUS[status];
  const title = html`
    <span class=${`sign is-${status}`} aria-hidden="true">${sign}</span>
    <span class="sr-only">${word}: </span>
    <b>${block.title}</b>
  `;
  const more = [block.details, block.output].filter((each) => each !== undefined);
  const { sources = [] } = block;
  if (!more.length && !sources.length)
    return html`<div class="task"><p class="task-title">${title}</p></div>`;
  return html`
    <details class="task" open>
      <summary class="task-title">${title}</summary>
      ${more.map((each) => html`<div class="text">${richText(each, names)}</div>`)}
      ${
        sources.length > 0 &&
        html`
          <ul class="sources" aria-label="Sources">
            ${sources.map((each) => html`<li>${link(each.url, each.text)}</li>`)}
          </ul>
        `
      }
    </details>
  `;
}

/**
 * @param {T.PlanBlock} block
 * @param {T.Names} names
 */
export const plan = (block, names) => html`
  <section class="plan" aria-label=${block.title}>
    <p class="card-title">${block.title}</p>
    <ol>
      ${(block.tasks ?? []).map(
        (each) => html`<li key=${each.task_id}>${taskCard(each, names)}</li>`,
      )}
    </ol>
  </section>
`;

/**
 * Draw a video as a still. It never runs here, because nothing is embedded from outside.
 * @param {T.VideoBlock} block
 * @param {T.Surface} at
 */
export function video(block, at) {
  const from = [block.provider_name, block.author_name].filter(Boolean).join(" · ");
  return html`
    <figure class="video">
      <figcaption>
        ${from && html`<p class="quiet">${from}</p>`}
        <p class="card-title">${link(block.title_url ?? block.video_url, plain(block.title))}</p>
        ${block.description && html`<p>${plain(block.description)}</p>`}
      </figcaption>
      <div class="still">
        ${picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, at, "picture")}
        <span class="play" aria-hidden="true">▶</span>
      </div>
    </figure>
  `;
}

/** @param {{ external_id: string }} block */
export const file = (block) => html`
  <div class="remote">
    <span class="sign" aria-hidden="true">📄</span>
    <div><b>${block.external_id}</b><p class="quiet">Remote file, stored outside Slack</p></div>
  </div>
`;

// @ts-check
// Pictures, and the placeholder for a missing one.
/** @import * as T from "../types.js" */
import { imageSource } from "../channel/files.js";
import { html, useState } from "../ui.js";
import { plain } from "./mrkdwn.js";

/**
 * Draw an image block with its title above it.
 * @param {T.ImageBlock} block
 * @param {T.Surface} at
 */
export const titled = (block, at) => html`
  <figure class="image">
    ${block.title && html`<figcaption>${plain(block.title)}</figcaption>`}
    ${picture(block, at, "picture")}
  </figure>
`;

/**
 * Draw an image element or block; `kind` is its CSS class.
 * @param {T.Image} given
 * @param {T.Surface} at
 * @param {string} kind
 */
export function picture(given, at, kind) {
  const { slack_file: file } = given;
  // Without a workspace behind the page there are no files.
  const src = file && at.files === false ? "" : imageSource(given, at.names);
  return html`
    <${Image}
      key=${src}
      src=${src}
      alt=${given.alt_text}
      missing=${file ? `File ${file.id ?? file.url}` : "Picture"}
      kind=${kind}
    />
  `;
}

/** @param {{ src: string, alt: string, missing: string, kind: string }} props */
function Image({ src, alt, missing, kind }) {
  const [failed, setFailed] = useState(false);
  if (src && !failed)
    return html`
      <img class=${kind} src=${src} alt=${alt} loading="lazy" onError=${() => setFailed(true)} />
    `;
  return html`
    <span
      class=${`missing ${kind}`}
      role="img"
      aria-label=${`${alt} (${missing} is unavailable)`}
      title=${`${missing} is unavailable: ${alt}`}
    >
      <span aria-hidden="true">🖼</span>
      ${
        kind === "small" || kind === "icon"
          ? ""
          : html`<span>${missing} is unavailable: ${alt}</span>`
      }
    </span>
  `;
}

// Pictures, and what stands in their place where there is none.
import { imageSource } from "../channel/files.js";
import { html, useState } from "../ui.js";
import { plain } from "./mrkdwn.js";

/** Draw an image with its title above it, as a message shows it. */
export const titled = (block, at) => html`
  <figure class="image">
    ${block.title && html`<figcaption>${plain(block.title)}</figcaption>`}
    ${picture(block, at, "picture")}
  </figure>`;

/** Draw an image element or block; `kind` is "picture", "small" or another class of its own. */
export function picture(given, at, kind) {
  const { slack_file: file } = given;
  // Where no workspace is behind the page, there is no file either.
  const src = file && at.files === false ? "" : imageSource(given, at.names);
  return html`<${image} key=${src} src=${src} alt=${given.alt_text} missing=${file ? `File ${file.id ?? file.url}` : "Picture"} kind=${kind} />`;
}

function image({ src, alt, missing, kind }) {
  const [failed, setFailed] = useState(false);
  if (src && !failed) return html`<img class=${kind} src=${src} alt=${alt} loading="lazy" onError=${() => setFailed(true)} />`;
  return html`
    <span class=${`missing ${kind}`} role="img" aria-label=${`${alt} (${missing} is not to be had)`} title=${`${missing} is not to be had: ${alt}`}>
      <span aria-hidden="true">🖼</span>${kind === "small" || kind === "icon" ? "" : html`<span>${missing} is not to be had: ${alt}</span>`}
    </span>`;
}

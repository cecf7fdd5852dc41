// @ts-check
// Files in messages: pictures are drawn, anything else is a tile that downloads it.
/** @import * as T from "../types.js" */
import { html } from "../ui.js";

// The largest preview, in pixels.
const PREVIEW = { width: 360, height: 270 };

/**
 * Return the address from which the reader loads a file of the workspace.
 * @param {string} id
 * @param {T.Names} names
 */
export const address = (id, names) =>
  `files/${encodeURIComponent(id)}?as=${encodeURIComponent(names.me)}`;

/**
 * Return the address of an image block's or element's picture.
 * @param {T.ImageSource} given
 * @param {T.Names} names
 */
export function imageSource(given, names) {
  const { slack_file: file, image_url: url } = given;
  if (!file) return url ?? "";
  const id = file.id ?? /\b(F[A-Z0-9]+)\b/.exec(file.url)?.[1];
  return id ? address(id, names) : "";
}

/**
 * Return a number of bytes as people write it: 1.2 MB.
 * @param {number} size
 */
export function bytes(size) {
  const step = size < 1000 ? 0 : size < 1e6 ? 1 : 2;
  const words = (size / 1000 ** step).toFixed(step && size / 1000 ** step < 10 ? 1 : 0);
  return `${words} ${["bytes", "kB", "MB"][step]}`;
}

/**
 * Draw the files that a message shares.
 * @param {{ files: T.SlackFile[], names: T.Names }} props
 */
export function SharedFiles({ files, names }) {
  return html`
    <ul class="files" aria-label="Files">
      ${files.map((each) => html`<li key=${each.id}>${sharedFile(each, names)}</li>`)}
    </ul>
  `;
}

/**
 * @param {T.SlackFile} file
 * @param {T.Names} names
 */
function sharedFile(file, names) {
  if (file.mode === "tombstone") return html`<p class="file-tile quiet">This file was deleted.</p>`;
  return isPicture(file) ? picture(file, names) : tile(file, names);
}

/**
 * @param {T.SlackFile} file
 * @returns {file is T.SlackFile & { original_w: number, original_h: number }}
 */
const isPicture = (file) => Boolean(file.original_w && file.original_h);

/**
 * @param {T.SlackFile & { original_w: number, original_h: number }} file
 * @param {T.Names} names
 */
function picture(file, names) {
  const scale = Math.min(1, PREVIEW.width / file.original_w, PREVIEW.height / file.original_h);
  // The size is set before the picture loads, so that nothing below it jumps.
  const size = {
    width: Math.round(file.original_w * scale),
    height: Math.round(file.original_h * scale),
  };
  const source = address(file.id, names);
  return html`
    <figure class="file-picture">
      <figcaption>${file.title}</figcaption>
      <a href=${source} target="_blank" rel="noreferrer">
        <img src=${source} ...${size} alt=${file.alt_txt ?? file.title} />
      </a>
    </figure>
  `;
}

/**
 * @param {T.SlackFile} file
 * @param {T.Names} names
 */
function tile(file, names) {
  return html`
    <a class="file-tile" href=${address(file.id, names)} download=${file.name}>
      <span class="file-kind" aria-hidden="true">${file.filetype.slice(0, 4)}</span>
      <span class="file-name">
        <b>${file.title}</b>
        <span class="quiet">${file.pretty_type} · ${bytes(file.size)}</span>
      </span>
    </a>
  `;
}

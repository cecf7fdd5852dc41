// @ts-check
// Links and mentions in texts.
/** @import * as T from "../types.js" */
import { address, ofPermalink } from "../place.js";
import { current, go } from "../store.js";
import { html } from "../ui.js";

// No other scheme is ever opened from a text.
const SAFE = /^(https?:\/\/|mailto:|tel:)/i;

/**
 * Return a link that leads to another place in the page.
 * @param {Partial<T.Place>} place
 * @param {T.Drawn} words
 * @param {string} [kind]
 */
function inside(place, words, kind) {
  /** @param {Event} event */
  const jump = (event) => {
    event.preventDefault();
    go(place);
  };
  return html`
    <a class=${kind} href=${address({ ...current().place, ...place })} onClick=${jump}>${words}</a>
  `;
}

/**
 * Return a link. A permalink of this workspace opens in the page; an unsafe address becomes plain
 * text.
 * @param {string} url
 * @param {T.Drawn} words
 */
export function link(url, words) {
  const place = ofPermalink(url);
  if (place) return inside(place, words);
  return SAFE.test(url)
    ? html`<a href=${url} rel="noreferrer" target="_blank">${words}</a>`
    : html`<span title=${url}>${words}</span>`;
}

/**
 * Return the mention of a person; the reader's own is highlighted.
 * @param {string} id
 * @param {T.Names} names
 * @param {string} [label]
 */
export const user = (id, names, label) => {
  const name = names.person(id) ? names.user(id) : label || id;
  return html`<span class=${id === names.me ? "mention mine" : "mention"}>@${name}</span>`;
};

/**
 * Return the mention of a channel; a link if the reader sees it.
 * @param {string} id
 * @param {T.Names} names
 */
export function channel(id, names) {
  if (names.sees(id))
    return inside(
      { channel: id, tab: null, thread: null, at: null },
      `#${names.channel(id)}`,
      "mention",
    );
  return html`
    <span class="mention unseen" title="You can't see this channel">🔒 private channel</span>
  `;
}

/**
 * Return the mention of a group of people.
 * @param {string} id
 * @param {T.Names} names
 * @param {string} [label]
 */
export function group(id, names, label) {
  const handle = names.app.usergroups?.find((each) => each.id === id)?.handle;
  return html`<span class="mention">${handle ? `@${handle}` : label || `@${id}`}</span>`;
}

/**
 * Return the mention of here, channel or everyone.
 * @param {string} range
 */
export const broadcast = (range) => html`<span class="mention mine">@${range}</span>`;

// @ts-check
// The sign before a channel's name: a hash, or a lock if it is private.
/** @import * as T from "../types.js" */
import { html } from "../ui.js";

/** @param {{ channel: T.Channel }} props */
export function Sign({ channel }) {
  if (!channel.is_private) return html`<span aria-hidden="true">#</span>`;
  return html`
    <svg
      class="lock"
      viewBox="0 0 16 16"
      width="0.9em"
      height="0.9em"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      role="img"
      aria-label="private"
    >
      <rect x="3" y="7" width="10" height="7" rx="1.5" />
      <path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2" />
    </svg>
  `;
}

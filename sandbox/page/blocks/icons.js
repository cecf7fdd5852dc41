// @ts-check
// Icons on controls; the control's name says what it means.
import { html } from "../ui.js";

/** @type {Record<string, string>} */
const PATHS = {
  good:
    "M5.5 7 8 2.2c1 0 1.7.8 1.5 1.8L9 6.5h3.4c.8 0 1.4.7 1.2 1.5l-1 4.4c-.1.6-.6 1-1.2 1H5.5" +
    "M5.5 7v6.4M5.5 7H2.6v6.4h2.9",
  trash: "M2.8 4.2h10.4M6.3 4V2.5h3.4V4M4.2 4.2l.6 9.3h6.4l.6-9.3M6.7 7v4M9.3 7v4",
  lock: "M4 7.2h8v6H4zM5.6 7V5.2a2.4 2.4 0 0 1 4.8 0V7",
  warning: "M8 2.5 14 13H2zM8 6.5v3M8 11.2v.3",
  other: "M8 2.5 13.5 8 8 13.5 2.5 8z",
};
PATHS.bad = PATHS.good;

/**
 * Draw an icon by name.
 * @param {string | undefined} name
 */
export const icon = (name) => html`
  <svg
    class=${`drawn ${name}`}
    viewBox="0 0 16 16"
    width="16"
    height="16"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    stroke-width="1.4"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    <path d=${PATHS[name ?? "other"] ?? PATHS.other} />
  </svg>
`;

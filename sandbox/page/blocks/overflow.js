// @ts-check
// The overflow menu.
/** @import * as T from "../types.js" */
import { MenuButton } from "../widgets/menu.js";
import { html } from "../ui.js";
import { plain } from "./mrkdwn.js";

/** @param {T.ElementProps} props */
export function Overflow({ given, use }) {
  const items = (given.options ?? []).map((option) => ({
    words: plain(option.text),
    note: plain(option.description),
    act() {
      if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
      use(option);
    },
  }));
  return html`
    <${MenuButton}
      label="More actions"
      face=${html`<span aria-hidden="true">•••</span>`}
      items=${items}
    />
  `;
}

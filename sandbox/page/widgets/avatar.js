// @ts-check
// A person's picture: their initial on a colour of their own.
/** @import * as T from "../types.js" */
import { html, pure } from "../ui.js";

export const Avatar = pure(
  (/** @type {{ person?: T.Person, small?: boolean }} */ { person, small }) => {
    const name = person?.profile.display_name || person?.name || "?";
    const hue = [...(person?.id ?? "")].reduce(
      (sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360,
      7,
    );
    return html`
      <span class=${small ? "avatar small" : "avatar"} style=${`--hue: ${hue}`} aria-hidden="true">
        ${name.slice(0, 1).toUpperCase()}
      </span>
    `;
  },
);

// @ts-check
// The notices at the edge of the page.
/** @import * as T from "../types.js" */
import { dismiss } from "../store.js";
import { html } from "../ui.js";

/** @param {{ state: T.State }} props */
export function Notices({ state }) {
  return html`
    <div class="notices" role="status">
      ${!state.connected && html`<p class="lost">The sandbox isn't responding. Trying again…</p>`}
      ${state.notices.map(
        (each) => html`
          <p key=${each.id}>
            ${each.words}${" "}
            <button
              type="button"
              class="icon"
              aria-label="Dismiss"
              onClick=${() => dismiss(each.id)}
            >
              ✕
            </button>
          </p>
        `,
      )}
    </div>
  `;
}

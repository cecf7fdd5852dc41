// @ts-check
// The line at the top: what this page is, and what to try.
/** @import * as T from "../types.js" */
import { address } from "../place.js";
import { change, go } from "../store.js";
import { html } from "../ui.js";

// The text that was dismissed in this browser.
const KEPT = "dismissed-welcome";

/** @param {{ state: T.State }} props */
export function Welcome({ state }) {
  const { welcome: said, place } = state;
  if (!said || localStorage.getItem(KEPT) === said.words) return null;
  const dismiss = () => {
    localStorage.setItem(KEPT, said.words);
    change({ welcome: null });
  };
  /**
   * @param {MouseEvent} event
   * @param {Partial<T.Place>} where
   */
  const follow = (event, where) => {
    // With a modifier key, let the browser open a new window.
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(where);
  };
  return html`
    <aside class="welcome" aria-label="Welcome">
      <p>${said.words}</p>
      <ol>
        ${said.tries.map(
          (each) => html`
            <li key=${each.words}>
              <a
                href=${address({ ...place, ...each.place })}
                onClick=${(/** @type {MouseEvent} */ event) => follow(event, each.place)}
              >
                ${each.words}
              </a>
            </li>
          `,
        )}
      </ol>
      <button type="button" class="icon" aria-label="Dismiss" onClick=${dismiss}>✕</button>
    </aside>
  `;
}

// The line at the top that says what this is, and what to try.
import { address } from "../place.js";
import { change, go } from "../store.js";
import { html } from "../ui.js";

// What was dismissed is not said again in this browser.
const KEPT = "dismissed-welcome";

export function welcome({ state }) {
  const { welcome: said, place } = state;
  if (!said || localStorage.getItem(KEPT) === said.words) return null;
  const dismiss = () => {
    localStorage.setItem(KEPT, said.words);
    change({ welcome: null });
  };
  const follow = (event, where) => {
    // With a key held down the browser opens a window of its own.
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(where);
  };
  return html`
    <aside class="welcome" aria-label="Welcome">
      <p>${said.words}</p>
      <ol>
        ${said.tries.map((each) => html`<li key=${each.words}><a href=${address({ ...place, ...each.place })} onClick=${(event) => follow(event, each.place)}>${each.words}</a></li>`)}
      </ol>
      <button type="button" class="icon" aria-label="Dismiss" onClick=${dismiss}>✕</button>
    </aside>
  `;
}

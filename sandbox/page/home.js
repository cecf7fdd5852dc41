// The app's Home tab.
import { draw } from "./blocks/draw.js";
import { inView } from "./modal.js";
import { html } from "./ui.js";

export function homePane({ state, names }) {
  return html`
    <header class="top"><h2>${names.app.name}</h2><p class="quiet">Home</p></header>
    <section class="messages home" aria-label="Home" tabindex="0">
      ${state.home ? draw(state.home.raw.blocks, inView(state.home, names)) : html`<p class="quiet centre">${names.app.name} shows nothing here yet.</p>`}
    </section>
  `;
}

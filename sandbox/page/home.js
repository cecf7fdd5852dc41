// The app's Home tab.
import { draw } from "./blocks/draw.js";
import { appHead } from "./channel_head.js";
import { inView } from "./surface.js";
import { html } from "./ui.js";

export function homePane({ state, names }) {
  return html`
    <${appHead} app=${names.app} here="home" />
    <section class="messages home" aria-label="Home" tabindex="0" data-region>
      ${state.home ? draw(state.home.raw.blocks, inView(state.home, names)) : html`<p class="quiet centre">${names.app.name} shows nothing here yet.</p>`}
    </section>
  `;
}

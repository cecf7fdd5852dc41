// The app's Home tab.
import { perform } from "../acts.js";
import { draw } from "../blocks/draw.js";
import { appHead } from "../channel/channel_head.js";
import { inView } from "./surface.js";
import { html, useEffect } from "../ui.js";

export function homePane({ state, names }) {
  const me = names.person(names.me)?.id;
  // The app is told whenever somebody comes here, by whatever way, and may publish another one.
  useEffect(() => {
    if (me) perform("clicks.home", { user: me });
  }, [me]);
  return html`
    <${appHead} app=${names.app} here="home" />
    <section class="messages home" aria-label="Home" tabindex="0" data-region>
      ${state.home ? draw(state.home.raw.blocks, inView(state.home, names)) : html`<p class="quiet centre">${names.app.name} shows nothing here yet.</p>`}
    </section>
  `;
}

// @ts-check
// The app's Home tab.
/** @import * as T from "../types.js" */
import { perform } from "../acts.js";
import { draw } from "../blocks/draw.js";
import { AppHead } from "../channel/channel_head.js";
import { inView } from "./surface.js";
import { html, useEffect } from "../ui.js";

/** @param {{ state: T.State, names: T.Names }} props */
export function HomePane({ state, names }) {
  const me = names.person(names.me)?.id;
  // Every visit sends app_home_opened, after which the app may publish a new view.
  useEffect(() => {
    if (me) perform("clicks.home", { user: me });
  }, [me]);
  return html`
    <${AppHead} app=${names.app} here="home" />
    <section class="messages home" aria-label="Home" tabindex="0" data-region>
      ${
        state.home
          ? draw(state.home.raw.blocks, inView(state.home, names))
          : html`<p class="quiet centre">${names.app.name} hasn't published a Home tab yet.</p>`
      }
    </section>
  `;
}

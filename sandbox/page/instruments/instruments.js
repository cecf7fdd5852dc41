// What a bot's developer has and Slack's client has not: the clock, and the drawer of what went over the wire.
import { clockButton, clockDialog } from "./clock.js";
import { drawer, drawerButton } from "./drawer.js";
import { names } from "../names.js";
import { html } from "../ui.js";

const NONE = [];

const zone = (state) => names(state).zone ?? "UTC";

/** Their buttons, at the foot of the side bar. */
export function instruments({ state }) {
  const { place, refused = 0, clock } = state;
  return html`
    <div class="instruments">
      ${clock && html`<${clockButton} clock=${clock} zone=${zone(state)} />`}
      <${drawerButton} open=${Boolean(place.drawer)} refused=${refused} />
    </div>
  `;
}

/** What their buttons open. */
export function panels({ state }) {
  const { place, clock, traffic = NONE } = state;
  return html`
    ${place.drawer && html`<${drawer} rows=${traffic} zone=${zone(state)} />`}
    ${place.clock && clock && html`<${clockDialog} clock=${clock} zone=${zone(state)} />`}
  `;
}

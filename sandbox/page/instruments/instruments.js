// @ts-check
// The developer's tools that Slack's client lacks: the clock and the API log.
/** @import * as T from "../types.js" */
import { ClockButton, ClockDialog } from "./clock.js";
import { Drawer, DrawerButton } from "./drawer.js";
import { names } from "../names.js";
import { html } from "../ui.js";

/** @type {T.Exchange[]} */
const NONE = [];

/** @param {T.State} state */
const zone = (state) => names(state).zone ?? "UTC";

/**
 * The buttons of the tools, at the bottom of the side bar.
 * @param {{ state: T.State }} props
 */
export function Instruments({ state }) {
  const { place, refused = 0, clock } = state;
  return html`
    <div class="instruments">
      ${clock && html`<${ClockButton} clock=${clock} zone=${zone(state)} />`}
      <${DrawerButton} open=${Boolean(place.drawer)} refused=${refused} />
    </div>
  `;
}

/**
 * The open tools.
 * @param {{ state: T.State }} props
 */
export function Panels({ state }) {
  const { place, clock, traffic = NONE } = state;
  return html`
    ${place.drawer && html`<${Drawer} rows=${traffic} zone=${zone(state)} />`}
    ${place.clock && clock && html`<${ClockDialog} clock=${clock} zone=${zone(state)} />`}
  `;
}

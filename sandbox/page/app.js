// A person at a workspace.
import { channelPane } from "./channel/channel.js";
import { homePane } from "./surfaces/home.js";
import { dialogLayer } from "./widgets/dialogs.js";
import { holdFocus } from "./widgets/focus.js";
import { panels } from "./instruments/instruments.js";
import { listenForKeys } from "./keyboard.js";
import { follow } from "./live.js";
import { modalLayer } from "./surfaces/modal.js";
import { names } from "./names.js";
import { notices } from "./widgets/notices.js";
import { sidebar } from "./side/sidebar.js";
import { current, watch } from "./store.js";
import { threadPane } from "./channel/thread.js";
import { title } from "./title.js";
import { html, render } from "./ui.js";
import { welcome } from "./side/welcome.js";

function app(state) {
  if (!state.app) return html`<p class="starting" role="status">Opening the workspace…</p>`;
  const known = names(state);
  return html`
    <${welcome} state=${state} />
    <${sidebar} state=${state} names=${known} />
    <main class="pane">
      ${state.place.tab === "home" ? html`<${homePane} state=${state} names=${known} />` : html`<${channelPane} state=${state} names=${known} />`}
    </main>
    ${state.place.thread && html`<${threadPane} key=${state.place.thread} state=${state} names=${known} />`}
    <${panels} state=${state} />
    <${modalLayer} view=${state.modal} names=${known} />
    <${dialogLayer} state=${state} names=${known} />
    <${notices} state=${state} />
  `;
}

let due = false;

/** Draw once for everything that changed in this moment. */
function draw() {
  if (due) return;
  due = true;
  soon();
}

// A page in the background is given no frames, and is still read by others.
const soon = () => (document.hidden ? setTimeout(now) : requestAnimationFrame(now));

function now() {
  if (!due) return;
  due = false;
  document.title = title(current());
  const held = document.activeElement;
  const back = holdFocus();
  render(html`<${app} ...${current()} />`, document.body);
  // A button that did its work goes with its line, and one reads on from there.
  if (!held?.isConnected) back();
}

watch(draw);
// A frame that was asked for before the page went to the background may not come.
document.addEventListener("visibilitychange", () => due && soon());
listenForKeys();
draw();
follow();

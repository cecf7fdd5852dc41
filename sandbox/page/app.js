// @ts-check
// The page: one person's view of the workspace.
/** @import * as T from "./types.js" */
import { ChannelPane } from "./channel/channel.js";
import { HomePane } from "./surfaces/home.js";
import { DialogLayer } from "./widgets/dialogs.js";
import { holdFocus } from "./widgets/focus.js";
import { Panels } from "./instruments/instruments.js";
import { listenForKeys } from "./keyboard.js";
import { follow } from "./live.js";
import { ModalLayer } from "./surfaces/modal.js";
import { names } from "./names.js";
import { Notices } from "./widgets/notices.js";
import { Sidebar } from "./side/sidebar.js";
import { current, watch } from "./store.js";
import { ThreadPane } from "./channel/thread.js";
import { title } from "./title.js";
import { html, render } from "./ui.js";
import { Welcome } from "./side/welcome.js";

/** @param {T.State} state */
function App(state) {
  if (!state.app) return html`<p class="starting" role="status">Opening the workspace…</p>`;
  const known = names(state);
  return html`
    <${Welcome} state=${state} />
    <${Sidebar} state=${state} names=${known} />
    <main class="pane">
      ${
        state.place.tab === "home"
          ? html`<${HomePane} state=${state} names=${known} />`
          : html`<${ChannelPane} state=${state} names=${known} />`
      }
    </main>
    ${
      state.place.thread &&
      html`<${ThreadPane} key=${state.place.thread} state=${state} names=${known} />`
    }
    <${Panels} state=${state} />
    <${ModalLayer} view=${state.modal} names=${known} />
    <${DialogLayer} state=${state} names=${known} />
    <${Notices} state=${state} />
  `;
}

let due = false;

/** Draw once for all changes of this frame. */
function draw() {
  if (due) return;
  due = true;
  soon();
}

// A page in the background gets no animation frames, but its title has to stay current.
const soon = () => (document.hidden ? setTimeout(now) : requestAnimationFrame(now));

function now() {
  if (!due) return;
  due = false;
  document.title = title(current());
  const held = document.activeElement;
  const back = holdFocus();
  render(html`<${App} ...${current()} />`, document.body);
  // A button may vanish with its message; the focus then returns to the place around it.
  if (!held?.isConnected) back();
}

watch(draw);
// A frame that was requested before the page went to the background may not come.
document.addEventListener("visibilitychange", () => due && soon());
listenForKeys();
draw();
follow();

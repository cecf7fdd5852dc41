// The modal before a person: the topmost of their stack.
import { act, perform } from "../acts.js";
import { draw } from "../blocks/draw.js";
import { plain } from "../blocks/mrkdwn.js";
import { holdFocus } from "../widgets/focus.js";
import { inView, told } from "./surface.js";
import { html, pure, useEffect, useLayoutEffect, useRef, useState } from "../ui.js";

// What is chosen already stands before the field in which one chooses.
const CONTROLS = "input, textarea, button:not([aria-haspopup], .chip *)";

export const modalLayer = pure(({ view, names }) => (view ? html`<${modal} key=${view.raw.root_view_id} view=${view} names=${names} />` : null));

function modal({ view, names }) {
  const dialog = useRef(null);
  const { raw } = view;
  const { sending, trouble, submit } = useSubmit(view, dialog);
  const [back] = useState(holdFocus);
  useEffect(() => back, []);
  // Before the next key: what is typed while nothing has the focus is lost.
  useLayoutEffect(() => dialog.current.showModal(), []);
  useLayoutEffect(() => begin(dialog.current), [raw.id]);
  const closing = useRef(null);
  const close = async (everything) => {
    // Escape twice closes one view, not that and an error.
    if (closing.current === raw.id) return;
    closing.current = raw.id;
    if ((await perform("forms.close", { view: raw.id, everything })) === undefined) closing.current = null;
  };
  const cancelled = (event) => {
    event.preventDefault();
    close(false);
  };
  const pressed = (event) => {
    // A browser closes a dialog by itself when Escape is pressed twice; ours closes when the workspace says so.
    if (event.key === "Escape") cancelled(event);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && raw.submit) submit(event);
  };
  return html`
    <dialog ref=${dialog} class="modal" aria-labelledby="modal-title" tabindex="-1" onCancel=${cancelled} onKeyDown=${pressed}>
      <form onSubmit=${submit} novalidate>
        <header>
          <h2 id="modal-title">${plain(raw.title)}</h2>
          <button type="button" class="icon" aria-label="Close" onClick=${() => close(true)}>✕</button>
        </header>
        <div class="content" key=${raw.id}>${draw(raw.blocks, inView(sending ? { ...view, errors: {} } : view, names))}</div>
        ${trouble && html`<p class="failed" role="alert">${trouble}</p>`}
        <footer>
          <button type="button" onClick=${() => close(false)}>${raw.close ? plain(raw.close) : raw.submit ? "Cancel" : "Close"}</button>
          ${raw.submit && html`<button type="submit" class="primary" aria-disabled=${sending} aria-busy=${sending}>${plain(raw.submit)}</button>`}
        </footer>
      </form>
    </dialog>
  `;
}

/** Send a modal once at a time; say in it what went wrong, and lead to the first wrong field. */
function useSubmit(view, dialog) {
  const { id } = view.raw;
  const [state, setState] = useState({});
  const going = useRef(false);
  const submit = async (event) => {
    event.preventDefault();
    if (going.current) return;
    going.current = true;
    setState({ of: id, sending: true });
    const left = document.activeElement;
    let wrong = {};
    try {
      await told(id);
      wrong = await act("forms.submit", { view: id });
    } catch (error) {
      wrong[""] = error.message === "Failed to fetch" ? "We had some trouble connecting. Try again?" : error.message;
    }
    const { "": trouble, ...fields } = wrong;
    // What is said beside fields is heard sooner, and shown once the form can be sent again.
    going.current = false;
    setState({ of: id, trouble });
    if (!trouble && Object.keys(fields).length) await showWrong(id, dialog.current, left);
  };
  // What was said of one modal is not said of the next in its place.
  return state.of === id ? { ...state, submit } : { submit };
}

/** Lead to the first field with an error, unless the person left for another meanwhile. */
async function showWrong(id, dialog, left) {
  const found = await perform("forms.view", { view: id });
  if (!found || !dialog.isConnected || document.activeElement !== left) return;
  const first = [...dialog.querySelectorAll("[data-block]")].find((each) => each.dataset.block in found.errors);
  first?.querySelector(CONTROLS)?.focus();
}

/** Begin where the app says, else in the first field, else at the top. */
function begin(dialog) {
  const place = dialog.querySelector("[data-focus]") ?? dialog.querySelector("[data-block]");
  (place?.querySelector(CONTROLS) ?? dialog).focus();
}

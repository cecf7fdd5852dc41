// @ts-check
// The person's open modal: the top of their stack.
/** @import * as T from "../types.js" */
import { act, perform } from "../acts.js";
import { draw } from "../blocks/draw.js";
import { plain } from "../blocks/mrkdwn.js";
import { holdFocus } from "../widgets/focus.js";
import { inView, told } from "./surface.js";
import { html, pure, useEffect, useElement, useLayoutEffect, useRef, useState } from "../ui.js";

/** @typedef {{ of?: string, sending?: boolean, trouble?: string }} Submission */

// The chips of chosen options come before the field itself.
const CONTROLS = "input, textarea, button:not([aria-haspopup], .chip *)";

export const ModalLayer = pure(
  (/** @type {{ view: T.View | null, names: T.Names }} */ { view, names }) =>
    view ? html`<${Modal} key=${view.raw.root_view_id} view=${view} names=${names} />` : null,
);

/** @param {{ view: T.View, names: T.Names }} props */
function Modal({ view, names }) {
  /** @type {T.Ref<HTMLDialogElement>} */
  const dialog = useElement();
  const { raw } = view;
  const { sending, trouble, submit } = useSubmit(view, dialog);
  const [back] = useState(holdFocus);
  useEffect(() => back, []);
  // Open before the next key: keys without a focused element are lost.
  useLayoutEffect(() => dialog.current.showModal(), []);
  useLayoutEffect(() => begin(dialog.current), [raw.id]);
  const closing = useRef(/** @type {string | null} */ (null));
  /** @param {boolean} everything */
  const close = async (everything) => {
    // A second Escape must not close a view that is already closing.
    if (closing.current === raw.id) return;
    closing.current = raw.id;
    if ((await perform("forms.close", { view: raw.id, everything })) === undefined)
      closing.current = null;
  };
  /** @param {Event} event */
  const cancelled = (event) => {
    event.preventDefault();
    close(false);
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    // A browser closes a dialog by itself on a second Escape; this one closes only through the
    // workspace.
    if (event.key === "Escape") cancelled(event);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && raw.submit) submit(event);
  };
  return html`
    <dialog
      ref=${dialog}
      class="modal"
      aria-labelledby="modal-title"
      tabindex="-1"
      onCancel=${cancelled}
      onKeyDown=${pressed}
    >
      <form onSubmit=${submit} novalidate>
        <header>
          <h2 id="modal-title">${plain(raw.title)}</h2>
          <button type="button" class="icon" aria-label="Close" onClick=${() => close(true)}>
            ✕
          </button>
        </header>
        <div class="content" key=${raw.id}>
          ${draw(raw.blocks, inView(sending ? { ...view, errors: {} } : view, names))}
        </div>
        ${trouble && html`<p class="failed" role="alert">${trouble}</p>`}
        <footer>
          <button type="button" onClick=${() => close(false)}>
            ${raw.close ? plain(raw.close) : raw.submit ? "Cancel" : "Close"}
          </button>
          ${
            raw.submit &&
            html`
              <button type="submit" class="primary" aria-disabled=${sending} aria-busy=${sending}>
                ${plain(raw.submit)}
              </button>
            `
          }
        </footer>
      </form>
    </dialog>
  `;
}

/**
 * Return the submit handler and its state. It sends once at a time and focuses the first wrong
 * field.
 * @param {T.View} view
 * @param {T.Ref<HTMLDialogElement>} dialog
 */
function useSubmit(view, dialog) {
  const { id } = view.raw;
  const [state, setState] = useState(/** @type {Submission} */ ({}));
  const going = useRef(false);
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    if (going.current) return;
    going.current = true;
    setState({ of: id, sending: true });
    const left = document.activeElement;
    /** @type {Record<string, string>} */
    let wrong = {};
    try {
      await told(id);
      wrong = await act("forms.submit", { view: id });
    } catch (error) {
      wrong[""] =
        error.message === "Failed to fetch"
          ? "We had some trouble connecting. Try again?"
          : error.message;
    }
    const { "": trouble, ...fields } = wrong;
    // The errors arrive earlier through the live feed, and show once the form can be sent again.
    going.current = false;
    setState({ of: id, trouble });
    if (!trouble && Object.keys(fields).length) await showWrong(id, dialog.current, left);
  };
  // The state of one modal must not show in the next one.
  return { ...(state.of === id ? state : { sending: false, trouble: undefined }), submit };
}

/**
 * Focus the first field with an error, unless the person has focused another since then.
 * @param {string} id
 * @param {HTMLElement} dialog
 * @param {Element | null} left
 */
async function showWrong(id, dialog, left) {
  const found = await perform("forms.view", { view: id });
  if (!found || !dialog.isConnected || document.activeElement !== left) return;
  /** @type {NodeListOf<HTMLElement>} */
  const fields = dialog.querySelectorAll("[data-block]");
  const first = [...fields].find((each) => (each.dataset.block ?? "") in found.errors);
  firstControl(first)?.focus();
}

/**
 * Return the first control of a field.
 * @param {Element | null | undefined} field
 * @returns {HTMLElement | null}
 */
const firstControl = (field) => field?.querySelector(CONTROLS) ?? null;

/**
 * Focus the element that the app named, or the first field, or the dialog.
 * @param {HTMLElement} dialog
 */
function begin(dialog) {
  const place = dialog.querySelector("[data-focus]") ?? dialog.querySelector("[data-block]");
  (firstControl(place) ?? dialog).focus();
}

// @ts-check
// The confirmation dialog of an element.
/** @import * as T from "../types.js" */
import { html, useElement, useId, useLayoutEffect } from "../ui.js";
import { plain, text } from "./mrkdwn.js";

/**
 * Draw the dialog; `onAnswer` is called with true if the person confirms.
 * @param {{ given: T.Confirm, names: T.Names, onAnswer: (yes: boolean) => void }} props
 */
export function Confirmation({ given, names, onAnswer }) {
  /** @type {T.Ref<HTMLDialogElement>} */
  const dialog = useElement();
  const id = useId();
  useLayoutEffect(() => dialog.current.showModal(), []);
  /** @param {boolean} yes */
  const answer = (yes) => {
    // Closing the dialog returns the focus.
    dialog.current.close();
    onAnswer(yes);
  };
  /** @param {Event} event */
  const cancelled = (event) => {
    event.preventDefault();
    answer(false);
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    // The modal beneath must not handle this key.
    event.stopPropagation();
    if (event.key === "Escape") cancelled(event);
  };
  return html`
    <dialog
      ref=${dialog}
      class="confirm"
      role="alertdialog"
      aria-labelledby=${`${id}-title`}
      aria-describedby=${`${id}-text`}
      onCancel=${cancelled}
      onKeyDown=${pressed}
    >
      <h2 id=${`${id}-title`}>${plain(given.title)}</h2>
      <div id=${`${id}-text`} class="text">${text(given.text, names)}</div>
      <footer>
        <button type="button" onClick=${() => answer(false)}>${plain(given.deny)}</button>
        <button type="button" class=${given.style ?? "primary"} onClick=${() => answer(true)}>
          ${plain(given.confirm)}
        </button>
      </footer>
    </dialog>
  `;
}

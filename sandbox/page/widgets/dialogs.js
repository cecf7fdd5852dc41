// @ts-check
// Dialogs of the page itself, one at a time. The app's modals are in surfaces/.
/** @import * as T from "../types.js" */
import { holdFocus } from "./focus.js";
import { change, current } from "../store.js";
import { html, useEffect, useElement } from "../ui.js";

/**
 * Open a dialog: a component that gets `state`, `names`, `close` and the properties in `given`.
 * @param {import("preact").ComponentType<any>} part Each has its own properties.
 * @param {T.Json} [given]
 */
export const open = (part, given = {}) => change({ dialog: { part, given } });

/** @param {{ state: T.State, names: T.Names }} props */
export function DialogLayer({ state, names }) {
  const { dialog } = state;
  if (!dialog) return null;
  const close = () => current().dialog === dialog && change({ dialog: null });
  return html`
    <${dialog.part} key=${dialog} state=${state} names=${names} close=${close} ...${dialog.given} />
  `;
}

/**
 * Draw a dialog with a title. Closing it returns the focus to where it was.
 * @param {{ title: T.Drawn, close: () => void, kind?: string, children?: T.Drawn }} props
 */
export function Dialog({ title, close, kind = "", children }) {
  /** @type {T.Ref<HTMLDialogElement>} */
  const box = useElement();
  useEffect(() => {
    const back = holdFocus();
    box.current.showModal();
    return back;
  }, []);
  /** @param {Event} event */
  const cancelled = (event) => {
    event.preventDefault();
    close();
  };
  /** @param {Event} event */
  const pressed = (event) => event.target === box.current && close();
  return html`
    <dialog
      ref=${box}
      class=${`own ${kind}`}
      aria-labelledby="dialog-title"
      onCancel=${cancelled}
      onPointerDown=${pressed}
    >
      <div class="inner">
        <header>
          <h2 id="dialog-title">${title}</h2>
          <button type="button" class="icon" aria-label="Close" onClick=${close}>✕</button>
        </header>
        ${children}
      </div>
    </dialog>
  `;
}

/**
 * Ask a question and resolve to whether the answer is yes.
 * @param {T.Question} props
 */
export function ask({ title, words, yes, grave }) {
  return new Promise((answer) => {
    open(Question, { title, words, yes, grave, answer });
  });
}

/** @param {T.Question & { answer: (yes: boolean) => void, close: () => void }} props */
function Question({ title, words, yes, grave, answer, close }) {
  /** @param {boolean} what */
  const say = (what) => {
    close();
    answer(what);
  };
  return html`
    <${Dialog} title=${title} close=${() => say(false)}>
      <div class="content"><p>${words}</p></div>
      <footer>
        <button type="button" autofocus onClick=${() => say(false)}>Cancel</button>
        <button type="button" class=${grave ? "danger" : "primary"} onClick=${() => say(true)}>
          ${yes}
        </button>
      </footer>
    </${Dialog}>
  `;
}

// Dialogs of the page itself, one at a time. The app's modals are in surfaces/.
import { holdFocus } from "./focus.js";
import { change, current } from "../store.js";
import { html, useEffect, useRef } from "../ui.js";

/** Open a dialog: a component that gets `state`, `names`, `close` and the properties in `given`. */
export const open = (part, given = {}) => change({ dialog: { part, given } });

export function DialogLayer({ state, names }) {
  const { dialog } = state;
  if (!dialog) return null;
  const close = () => current().dialog === dialog && change({ dialog: null });
  return html`
    <${dialog.part} key=${dialog} state=${state} names=${names} close=${close} ...${dialog.given} />
  `;
}

/** Draw a dialog with a title. Closing it returns the focus to where it was. */
export function Dialog({ title, close, kind = "", children }) {
  const box = useRef(null);
  useEffect(() => {
    const back = holdFocus();
    box.current.showModal();
    return back;
  }, []);
  const cancelled = (event) => {
    event.preventDefault();
    close();
  };
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

/** Ask a question and resolve to whether the answer is yes. */
export function ask({ title, words, yes, grave }) {
  return new Promise((answer) => {
    open(Question, { title, words, yes, grave, answer });
  });
}

function Question({ title, words, yes, grave, answer, close }) {
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

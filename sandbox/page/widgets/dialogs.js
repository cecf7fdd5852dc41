// Dialogs of the page itself, one at a time; the app's modals are drawn elsewhere.
import { holdFocus } from "./focus.js";
import { change, current } from "../store.js";
import { html, useEffect, useRef } from "../ui.js";

/** Open a dialog: a part that is drawn with {state, names, close} and `given`. */
export const open = (part, given = {}) => change({ dialog: { part, given } });

export function dialogLayer({ state, names }) {
  const { dialog } = state;
  if (!dialog) return null;
  const close = () => current().dialog === dialog && change({ dialog: null });
  return html`<${dialog.part} key=${dialog} state=${state} names=${names} close=${close} ...${dialog.given} />`;
}

/** Draw a dialog with a title; what was focused before has the focus again afterwards. */
export function dialog({ title, close, kind = "", children }) {
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
    <dialog ref=${box} class=${`own ${kind}`} aria-labelledby="dialog-title" onCancel=${cancelled} onPointerDown=${pressed}>
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

/** Ask a question and return whether the answer is yes. */
export function ask({ title, words, yes, grave }) {
  return new Promise((answer) => {
    open(question, { title, words, yes, grave, answer });
  });
}

function question({ title, words, yes, grave, answer, close }) {
  const say = (what) => {
    close();
    answer(what);
  };
  return html`
    <${dialog} title=${title} close=${() => say(false)}>
      <div class="content"><p>${words}</p></div>
      <footer>
        <button type="button" autofocus onClick=${() => say(false)}>Cancel</button>
        <button type="button" class=${grave ? "danger" : "primary"} onClick=${() => say(true)}>${yes}</button>
      </footer>
    </${dialog}>
  `;
}

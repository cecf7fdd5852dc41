// The modal before a person: the topmost of their stack.
import { act, perform } from "./acts.js";
import { draw } from "./blocks/draw.js";
import { plain } from "./blocks/mrkdwn.js";
import { notice } from "./store.js";
import { html, useEffect, useRef, useState } from "./ui.js";

// What was typed and is still on its way to the workspace: nothing is sent or pressed before it is there.
const underWay = new Set();

/** Where the blocks of a view stand, and what using them does. */
export const inView = (view, names) => ({
  names,
  surface: view.raw.type,
  key: view.raw.id,
  values: view.raw.state.values,
  errors: view.errors,
  use: async (block, element, choice) => {
    const what = `${block.block_id}/${element.action_id}`;
    if (element.type === "button") {
      await Promise.all(underWay);
      return perform("forms.press", { view: view.raw.id, what });
    }
    const going = perform("forms.choose", { view: view.raw.id, label: what, choice });
    underWay.add(going);
    return going.finally(() => underWay.delete(going));
  },
  suggest: (block, element, typed) =>
    act("forms.options", { view: view.raw.id, label: `${block.block_id}/${element.action_id}`, typed }),
});

export function modalLayer({ view, names }) {
  return view ? html`<${modal} key=${view.raw.root_view_id} view=${view} names=${names} />` : null;
}

function modal({ view, names }) {
  const dialog = useRef(null);
  const [sending, setSending] = useState(false);
  const { raw } = view;
  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    return () => before?.focus?.();
  }, []);
  const close = (everything) => perform("forms.close", { view: raw.id, everything });
  const submit = async (event) => {
    event.preventDefault();
    setSending(true);
    // The field that one is in says what was typed when it is left.
    document.activeElement?.blur?.();
    await Promise.all(underWay);
    const wrong = await perform("forms.submit", { view: raw.id });
    if (wrong?.[""]) notice(wrong[""]);
    setSending(false);
  };
  const cancelled = (event) => {
    event.preventDefault();
    close(false);
  };
  return html`
    <dialog ref=${dialog} class="modal" aria-labelledby="modal-title" onCancel=${cancelled}>
      <form onSubmit=${submit} novalidate>
        <header>
          <h2 id="modal-title">${plain(raw.title)}</h2>
          <button type="button" class="icon" aria-label="Close" onClick=${() => close(true)}>✕</button>
        </header>
        <div class="content" key=${raw.id}>${draw(raw.blocks, inView(view, names))}</div>
        <footer>
          <button type="button" onClick=${() => close(false)}>${raw.close ? plain(raw.close) : "Cancel"}</button>
          ${raw.submit && html`<button class="primary" disabled=${sending}>${plain(raw.submit)}</button>`}
        </footer>
      </form>
    </dialog>
  `;
}

// @ts-check
// The form to edit a message in place: Enter saves, Escape cancels.
/** @import * as T from "../types.js" */
import { act } from "../acts.js";
import { ask } from "../widgets/dialogs.js";
import { source } from "./source.js";
import { change, current, notice } from "../store.js";
import { Textbox } from "../composer/textbox.js";
import { html, useEffect, useElement, useState } from "../ui.js";

/** @param {{ message: T.Message, names: T.Names, inThread?: boolean }} props */
export function Editing({ message, names, inThread }) {
  const { raw, channel: id } = message;
  const before = source(raw.text, names);
  const [words, setWords] = useState(before);
  /** @type {T.Ref<HTMLFormElement>} */
  const box = useElement();
  useEffect(() => {
    const field = box.current.querySelector("textarea");
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }, []);
  const done = () => {
    // The person may have left the form, or the message may be deleted, during the call.
    const back = box.current?.closest("article");
    if (!back) return;
    change({ editing: null });
    back.focus();
  };
  const save = async () => {
    const text = words.trim();
    if (text === before.trim()) return done();
    const at = { user: names.me, channel: id, ts: raw.ts };
    try {
      if (text) await act("talk.edit", { ...at, text });
      else if (
        await ask({
          title: "Delete message",
          words: "The message is empty. Delete it?",
          yes: "Delete",
          grave: true,
        })
      )
        await act("talk.delete", at);
      else return undefined;
    } catch (error) {
      return notice(error.message);
    }
    return done();
  };
  const channel = current().channels.find((each) => each.id === id);
  // As in a thread, no commands are suggested: an edit can't run one.
  const where = { names, channel, thread: raw.ts };
  /** @param {Event} event */
  const submitted = (event) => {
    event.preventDefault();
    save();
  };
  return html`
    <form class="editing" ref=${box} onSubmit=${submitted}>
      <${Textbox}
        id=${`edit-${inThread ? "reply-" : ""}${raw.ts}`}
        label="Edit message"
        words=${words}
        change=${setWords}
        where=${where}
        onEnter=${save}
        onEscape=${done}
      />
      <div class="composer-tools">
        <span class="quiet">Enter to save, Esc to cancel</span>
        <button type="button" onClick=${done}>Cancel</button>
        <button class="primary">Save</button>
      </div>
    </form>
  `;
}

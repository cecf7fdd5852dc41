// A message that its author edits in place: Enter saves, Escape leaves it as it was.
import { act } from "../acts.js";
import { ask } from "../widgets/dialogs.js";
import { source } from "./source.js";
import { change, current, notice } from "../store.js";
import { textbox } from "../composer/textbox.js";
import { html, useEffect, useRef, useState } from "../ui.js";

export function editing({ one, names, inThread }) {
  const { raw, channel: id } = one;
  const before = source(raw.text, names);
  const [words, setWords] = useState(before);
  const box = useRef(null);
  useEffect(() => {
    const field = box.current.querySelector("textarea");
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }, []);
  const done = () => {
    // While the app was told, it may have been left, or its message deleted.
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
      else if (await ask({ title: "Delete message", words: "Nothing is left of it. Delete the message?", yes: "Delete", grave: true })) await act("talk.delete", at);
      else return undefined;
    } catch (error) {
      return notice(error.message);
    }
    return done();
  };
  const channel = current().channels.find((each) => each.id === id);
  // Commands are entered, and not edited: a reply offers none.
  const where = { names, channel, thread: raw.ts };
  const submitted = (event) => {
    event.preventDefault();
    save();
  };
  return html`
    <form class="editing" ref=${box} onSubmit=${submitted}>
      <${textbox} id=${`edit-${inThread ? "reply-" : ""}${raw.ts}`} label="Edit message" words=${words} change=${setWords} where=${where} enter=${save} escape=${done} />
      <div class="composer-tools"><span class="quiet">Enter saves, Esc cancels</span><button type="button" onClick=${done}>Cancel</button><button class="primary">Save</button></div>
    </form>
  `;
}

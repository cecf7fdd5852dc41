// @ts-check
// Text inputs: single-line, multiline, email, URL and number.
/** @import * as T from "../types.js" */
import { html } from "../ui.js";
import { plain } from "./mrkdwn.js";

/** @type {Record<string, string>} */
const MODES = { email_text_input: "email", url_text_input: "url", number_input: "decimal" };

/**
 * Return what sends the text to the app before a submission: Enter, each character, or nothing.
 * @param {T.BlockElement} given
 * @param {T.Block} block
 */
export function triggers(given, block) {
  if (!block.dispatch_action && block.type === "input") return { enter: false, character: false };
  const on = given.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return { enter: on.includes("on_enter_pressed"), character: on.includes("on_character_entered") };
}

/** @param {T.ElementProps} props */
export function TextInput({ given, block, field, value, use, type, leave }) {
  const words = value ?? "";
  const { enter, character } = triggers(given, block);
  /** @param {T.FieldEvent} event */
  const typed = (event) =>
    character
      ? use(event.currentTarget.value, event.currentTarget.value)
      : type(event.currentTarget.value);
  /** @param {T.KeyEvent<HTMLInputElement>} event */
  const pressed = (event) => {
    if (
      event.key !== "Enter" ||
      !enter ||
      event.isComposing ||
      event.shiftKey ||
      event.ctrlKey ||
      event.metaKey
    )
      return;
    event.preventDefault();
    use(event.currentTarget.value, event.currentTarget.value);
  };
  const attributes = {
    ...field,
    placeholder: plain(given.placeholder),
    value: words,
    onInput: typed,
    onKeyDown: pressed,
    onBlur: leave,
  };
  return html`
    ${
      given.multiline
        ? html`<textarea ...${attributes} rows="3"></textarea>`
        : html`
          <input type="text" autocomplete="off" inputmode=${MODES[given.type]} ...${attributes} />
        `
    }
    ${enter && html`<small class="quiet">Press Enter to send</small>`}
    <${Counter} most=${given.max_length} length=${words.length} />
  `;
}

/**
 * Show how many characters are left, once there are few.
 * @param {{ most?: number, length: number }} props
 */
export function Counter({ most, length }) {
  const left = (most ?? 0) - length;
  const near = most !== undefined && left <= Math.max(10, most / 10);
  return html`
    <small class=${left < 0 ? "counter error" : "counter"} aria-live="polite">
      ${near ? left : ""}
      ${near && html`<span class="sr-only"> characters left</span>`}
    </small>
  `;
}

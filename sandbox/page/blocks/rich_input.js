// @ts-check
// The editor of formatted text. The person types markup, as in Slack with formatting turned off.
/** @import * as T from "../types.js" */
import { html, useElement, useRef } from "../ui.js";
import { triggers } from "./inputs.js";
import { markup } from "./markup.js";
import { plain } from "./mrkdwn.js";

/**
 * @typedef {Object} Tool A button of the formatting bar.
 * @property {string} name
 * @property {string} shown
 * @property {string} keys
 * @property {string} [sign] What is put around the selection.
 * @property {(index: number) => string} [line] What each line begins with.
 */

/** @type {Tool[]} */
const TOOLS = [
  { name: "Bold", sign: "*", shown: "B", keys: "b" },
  { name: "Italic", sign: "_", shown: "I", keys: "i" },
  { name: "Strikethrough", sign: "~", shown: "S", keys: "shift+x" },
  { name: "Code", sign: "`", shown: "<>", keys: "shift+c" },
  { name: "Bulleted list", line: () => "- ", shown: "•", keys: "shift+8" },
  { name: "Numbered list", line: (index) => `${index + 1}. `, shown: "1.", keys: "shift+7" },
];

/** @param {T.ElementProps} props */
export function RichInput({ given, block, at, field, value, use, type, leave }) {
  /** @type {T.Ref<HTMLTextAreaElement>} */
  const area = useElement();
  const words = useWords(value, at.names);
  const { enter, character } = triggers(given, block);
  /** @param {T.FieldEvent<HTMLTextAreaElement>} event */
  const typed = (event) =>
    character
      ? use(event.currentTarget.value, event.currentTarget.value)
      : type(event.currentTarget.value);
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    const key = event.code.replace(/^(Key|Digit)/, "").toLowerCase();
    const shortcut = event.shiftKey ? `shift+${key}` : key;
    const tool = (event.ctrlKey || event.metaKey) && TOOLS.find(({ keys }) => keys === shortcut);
    if (tool) apply(tool, area.current);
    else if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
    else if (enter && !event.shiftKey) use(area.current.value, area.current.value);
    else if (!goesOn(area.current)) return;
    event.preventDefault();
  };
  return html`
    <div class="rich-input">
      <div class="bar" role="toolbar" aria-label="Formatting">
        ${TOOLS.map(
          (tool) => html`
            <button
              type="button"
              class=${`icon ${tool.name.toLowerCase()}`}
              key=${tool.name}
              aria-label=${tool.name}
              title=${tool.name}
              onMouseDown=${(/** @type {Event} */ event) => event.preventDefault()}
              onClick=${() => apply(tool, area.current)}
            >
              <span aria-hidden="true">${tool.shown}</span>
            </button>
          `,
        )}
      </div>
      <textarea
        ref=${area}
        ...${field}
        placeholder=${plain(given.placeholder)}
        rows=${Math.max(3, given.min_lines ?? 0)}
        value=${words}
        onInput=${typed}
        onKeyDown=${pressed}
        onBlur=${leave}
      ></textarea>
    </div>
    ${enter && html`<small class="quiet">Press Enter to send</small>`}
  `;
}

/**
 * Return the text for a value: what the person typed, as long as the value came from it.
 * @param {T.Choice} value
 * @param {T.Names} names
 */
function useWords(value, names) {
  const mine = useRef(/** @type {{ typed?: string, of?: string }} */ ({}));
  if (typeof value === "string") mine.current = { typed: value };
  else if (mine.current.typed !== undefined && !("of" in mine.current))
    mine.current.of = JSON.stringify(value);
  const { typed, of } = mine.current;
  if (typeof value === "string" || (typed !== undefined && of === JSON.stringify(value)))
    return typed;
  return value ? markup(value, names) : "";
}

/**
 * Put signs around the selection, or at the start of its lines.
 * @param {Tool} parts
 * @param {HTMLTextAreaElement} area
 */
function apply({ sign, line }, area) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  area.focus();
  if (sign) {
    area.setRangeText(`${sign}${value.slice(start, end)}${sign}`, start, end, "end");
    if (start === end) area.setSelectionRange(start + 1, start + 1);
  } else {
    const begin = value.lastIndexOf("\n", start - 1) + 1;
    const lines = value.slice(begin, end).split("\n");
    area.setRangeText(
      lines.map((each, index) => (line?.(index) ?? "") + each).join("\n"),
      begin,
      end,
      "end",
    );
  }
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Begin the next item of a list, or end the list after an empty item. Returns false outside of
 * lists.
 * @param {HTMLTextAreaElement} area
 */
function goesOn(area) {
  const { selectionStart: start, value } = area;
  const begin = value.lastIndexOf("\n", start - 1) + 1;
  const item = /^(?:([-*•])|(\d+)\.) (.*)$/.exec(value.slice(begin, start));
  if (!item) return false;
  const [, bullet, number, words] = item;
  if (words)
    area.setRangeText(`\n${bullet ?? `${Number(number) + 1}.`} `, start, area.selectionEnd, "end");
  else area.setRangeText("", begin, start, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

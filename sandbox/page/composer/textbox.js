// @ts-check
// A text box with suggestions: arrow keys move among them, Enter or Tab takes one.
/** @import * as T from "../types.js" */
import { Avatar } from "../widgets/avatar.js";
import { complete } from "./completion.js";
import { useFloating } from "../widgets/floating.js";
import { Sign } from "../widgets/sign.js";
import { html, useEffect, useElement, useLayoutEffect, useRef, useState } from "../ui.js";

/**
 * @typedef {Object} TextboxProps
 * @property {string} id
 * @property {string} label
 * @property {string} words
 * @property {(words: string) => void} change
 * @property {T.WritingPlace} where
 * @property {() => void} onEnter
 * @property {() => void} [onEscape]
 * @property {() => void} [onUp]
 */

/**
 * @typedef {Object} Choosing
 * @property {T.Suggested} found
 * @property {number} at
 * @property {(at: number) => void} setAt
 * @property {(found: T.Suggested) => void} setFound
 * @property {(option: T.Suggestion) => void} take
 */

/** @type {T.Suggested} */
const NOTHING = { kind: null, from: 0, options: [] };

/**
 * Draw a text box. `onUp` is called for the up arrow in an empty box.
 * @param {TextboxProps} props
 */
export function Textbox({ id, label, words, change, where, onEnter, onEscape, onUp }) {
  /** @type {T.Ref<HTMLTextAreaElement>} */
  const box = useElement();
  const [found, setFound] = useState(NOTHING);
  const [at, setAt] = useState(0);
  const caret = useRef(/** @type {number | null} */ (null));
  useLayoutEffect(() => {
    if (caret.current === null) return;
    box.current.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  /** @param {T.FieldEvent<HTMLTextAreaElement>} event */
  const typed = (event) => {
    const { value, selectionStart } = event.currentTarget;
    change(value);
    offer(complete(value, selectionStart, where));
  };
  /** @param {T.Suggested} next */
  const offer = (next) => {
    setFound(next);
    // A command is entered as typed unless the person selects a word: they may be searching for
    // that word.
    setAt(next.kind === "words" ? -1 : 0);
  };
  useEffect(() => {
    // The emoji may load after the person has begun to type one.
    const { value, selectionStart } = box.current;
    if (where.names.emoji && document.activeElement === box.current)
      offer(complete(value, selectionStart, where));
  }, [where.names.emoji]);
  /** @param {T.Suggestion} option */
  const take = (option) => {
    const end = box.current.selectionStart;
    const begun = words.slice(0, found.from) + option.insert;
    caret.current = begun.length;
    change(begun + words.slice(end).replace(/^ /, ""));
    offer(complete(begun, begun.length, where));
    box.current.focus();
  };
  /** @param {KeyboardEvent} event */
  const keyed = (event) => {
    if (event.isComposing) return;
    const chosen = found.options.length > 0 && choose(event, { found, at, setAt, setFound, take });
    if (!chosen && !write(event, { words, onEnter, onEscape, onUp })) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const open = found.options.length > 0;
  const list = `${id}-options`;
  return html`
    <textarea
      ref=${box}
      id=${id}
      rows="1"
      aria-label=${label}
      placeholder=${label}
      value=${words}
      onInput=${typed}
      onKeyDown=${keyed}
      aria-autocomplete="list"
      aria-controls=${open ? list : undefined}
      aria-activedescendant=${open && at >= 0 ? `${list}-${at}` : undefined}
    ></textarea>
    <span class="sr-only" aria-live="polite">
      ${open ? `${found.options.length} suggestions` : ""}
    </span>
    ${
      open &&
      html`
        <${Suggestions}
          key=${`${found.kind}${found.from}`}
          id=${list}
          anchor=${box}
          options=${found.options}
          at=${at}
          take=${take}
          point=${setAt}
          close=${() => setFound(NOTHING)}
        />
      `
    }
  `;
}

/**
 * Handle a key while suggestions are shown; return false for other keys.
 * @param {KeyboardEvent} event
 * @param {Choosing} parts
 */
function choose(event, { found, at, setAt, setFound, take }) {
  const many = found.options.length;
  if (event.key === "ArrowDown") setAt((at + 1) % many);
  else if (event.key === "ArrowUp") setAt((Math.max(at, 0) + many - 1) % many);
  else if (event.key === "Tab" && !event.shiftKey) take(found.options[Math.max(at, 0)]);
  else if (event.key === "Enter" && !event.shiftKey && at >= 0) take(found.options[at]);
  else if (event.key === "Escape") setFound(NOTHING);
  else return false;
  return true;
}

/**
 * @param {KeyboardEvent} event
 * @param {Pick<TextboxProps, "words" | "onEnter" | "onEscape" | "onUp">} parts
 */
function write(event, { words, onEnter, onEscape, onUp }) {
  if (event.key === "Enter" && !event.shiftKey) onEnter();
  else if (event.key === "Escape" && onEscape) onEscape();
  else if (event.key === "ArrowUp" && !words && onUp) onUp();
  else return false;
  return true;
}

/**
 * The sign before a suggestion: a person's picture, a channel's sign or an emoji.
 * @param {{ option: T.Suggestion }} props
 */
function SuggestionMark({ option: { person, channel, sign: character } }) {
  if (person) return html`<${Avatar} small person=${person} />`;
  if (!channel && !character) return null;
  return html`
    <span class="sign" aria-hidden="true">
      ${channel ? html`<${Sign} channel=${channel} />` : character}
    </span>
  `;
}

/**
 * @param {Object} props
 * @param {string} props.id
 * @param {T.Ref} props.anchor
 * @param {T.Suggestion[]} props.options
 * @param {number} props.at
 * @param {(option: T.Suggestion) => void} props.take
 * @param {(index: number) => void} props.point
 * @param {() => void} props.close
 */
function Suggestions({ id, anchor, options, at, take, point, close }) {
  const box = useFloating(anchor, close);
  // The text box keeps the focus.
  /** @param {Event} event */
  const stay = (event) => event.preventDefault();
  return html`
    <ul
      class="floating choices"
      popover="manual"
      role="listbox"
      id=${id}
      aria-label="Suggestions"
      ref=${box}
      onPointerDown=${stay}
    >
      ${options.map(
        (each, index) => html`
          <li
            key=${each.insert + each.words}
            role="option"
            id=${`${id}-${index}`}
            aria-selected=${index === at}
            onPointerMove=${() => index !== at && point(index)}
            onClick=${() => take(each)}
          >
            <${SuggestionMark} option=${each} />
            <span class="what">
              <b>${each.words}</b>
              ${each.hint && html` <span class="hint">${each.hint}</span>`}
            </span>
            ${each.note && html`<span class="note">${each.note}</span>`}
          </li>
        `,
      )}
    </ul>
  `;
}

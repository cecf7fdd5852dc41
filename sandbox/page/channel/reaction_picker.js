// @ts-check
// The emoji picker: the most used emoji, and a search over all.
/** @import * as T from "../types.js" */
import { character, search as find } from "../blocks/emoji.js";
import { useFloating } from "../widgets/floating.js";
import { html, useElement, useLayoutEffect, useState } from "../ui.js";

const ACROSS = 8;
const ROWS = 6;
// Shown until the person has used enough emoji of their own.
const FIRST = ["scroll", "white_check_mark", "eyes", "+1", "raised_hands", "tada", "heart", "joy"];

const used = () => JSON.parse(localStorage.getItem("emoji") ?? "{}");

/**
 * Return the names of the emoji most used in this browser.
 * @param {number} [many]
 */
export function favourites(many = ACROSS) {
  const counts = used();
  const ranked = Object.keys(counts).sort((a, b) => counts[b] - counts[a]);
  return [...new Set([...ranked, ...FIRST])].slice(0, many);
}

/** @param {string} name */
function count(name) {
  const counts = used();
  localStorage.setItem("emoji", JSON.stringify({ ...counts, [name]: (counts[name] ?? 0) + 1 }));
}

/**
 * Draw a button that opens the picker; `take` is called with the chosen emoji's name.
 * @param {Object} props
 * @param {string} props.label
 * @param {(name: string) => void} props.take
 * @param {string} [props.kind]
 * @param {(open: boolean) => void} [props.onOpen]
 */
export function EmojiButton({ label, take, kind = "icon", onOpen }) {
  const [open, setOpen] = useState(false);
  /** @type {T.Ref<HTMLButtonElement>} */
  const button = useElement();
  /** @param {boolean} to */
  const turn = (to) => {
    setOpen(to);
    onOpen?.(to);
  };
  /** @param {boolean} back */
  const close = (back) => {
    turn(false);
    if (back) button.current?.focus();
  };
  /** @param {string} name */
  const chosen = (name) => {
    count(name);
    close(true);
    take(name);
  };
  return html`
    <button
      type="button"
      ref=${button}
      class=${kind}
      aria-label=${label}
      title=${label}
      aria-haspopup="dialog"
      aria-expanded=${open}
      onClick=${() => turn(!open)}
    >
      <${SmileIcon} />
    </button>
    ${open && html`<${EmojiPicker} anchor=${button} take=${chosen} close=${close} />`}
  `;
}

const SmileIcon = () => html`
  <svg
    viewBox="0 0 20 20"
    width="18"
    height="18"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    aria-hidden="true"
  >
    <circle cx="10" cy="10" r="7.5" />
    <path d="M6.8 12c.7 1.3 1.8 2 3.2 2s2.5-.7 3.2-2M7.5 7.8v.4M12.5 7.8v.4" />
  </svg>
`;

/**
 * @param {Object} props
 * @param {T.Ref} props.anchor
 * @param {(name: string) => void} props.take
 * @param {(back: boolean) => void} props.close
 */
function EmojiPicker({ anchor, take, close }) {
  const box = useFloating(anchor, () => close(false), { end: true });
  /** @type {T.Ref<HTMLInputElement>} */
  const search = useElement();
  const [word, setWord] = useState("");
  const [at, setAt] = useState(0);
  useLayoutEffect(() => search.current.focus(), []);
  const shown = word
    ? find(word).slice(0, ACROSS * ROWS)
    : [...favourites().map((name) => ({ name, sign: character(name) ?? `:${name}:` })), ...some()];
  /** @param {T.FieldEvent} event */
  const typed = (event) => {
    setWord(event.currentTarget.value);
    setAt(0);
  };
  /** @param {KeyboardEvent} event */
  const keyed = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: ACROSS, ArrowUp: -ACROSS }[event.key];
    if (step) setAt(Math.min(Math.max(at + step, 0), Math.max(shown.length - 1, 0)));
    else if (event.key === "Enter" && shown[at]) take(shown[at].name);
    else if (event.key === "Escape" || event.key === "Tab") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`
    <div
      class="floating picker"
      popover="manual"
      role="dialog"
      aria-label="Choose an emoji"
      ref=${box}
    >
      <input
        ref=${search}
        type="text"
        role="combobox"
        aria-label="Search emoji"
        placeholder="Search emoji"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls="emoji-found"
        aria-activedescendant=${shown[at] && `emoji-${at}`}
        value=${word}
        onInput=${typed}
        onKeyDown=${keyed}
      />
      ${!word && html`<p class="quiet">Frequently used</p>`}
      <div class="emoji-grid" role="listbox" id="emoji-found" aria-label="Emoji">
        ${shown.map(
          ({ name, sign }, index) => html`
            <button
              type="button"
              role="option"
              tabindex="-1"
              key=${name}
              id=${`emoji-${index}`}
              aria-selected=${index === at}
              aria-label=${name}
              title=${`:${name}:`}
              onPointerMove=${() => index !== at && setAt(index)}
              onClick=${() => take(name)}
            >
              ${sign}
            </button>
          `,
        )}
      </div>
      <p class="quiet named">
        ${shown[at] ? `:${shown[at].name}:` : `No emoji matches “${word}”.`}
      </p>
    </div>
  `;
}

/** Return the first emoji of the list, without the favourites. */
function some() {
  const above = new Set(favourites());
  return find("")
    .filter(({ name }) => !above.has(name))
    .slice(0, ACROSS * (ROWS - 1));
}

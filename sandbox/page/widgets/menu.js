// @ts-check
// The menu button of WAI-ARIA: arrow keys, first letters, Escape.
/** @import * as T from "../types.js" */
import { useFloating } from "./floating.js";
import { html, useElement, useLayoutEffect, useState } from "../ui.js";

/**
 * Draw a button that opens a menu; an item that is null is a separator.
 * @param {Object} props
 * @param {string} props.label
 * @param {T.Drawn} props.face
 * @param {(T.MenuItem | null)[]} props.items
 * @param {string} [props.kind]
 * @param {(open: boolean) => void} [props.onOpen]
 */
export function MenuButton({ label, face, items, kind = "icon", onOpen }) {
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
  /** @param {KeyboardEvent} event */
  const keyed = (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    turn(true);
  };
  return html`
    <button
      type="button"
      ref=${button}
      class=${kind}
      aria-label=${label}
      title=${label}
      aria-haspopup="menu"
      aria-expanded=${open}
      onClick=${() => turn(!open)}
      onKeyDown=${keyed}
    >
      ${face}
    </button>
    ${open && html`<${Menu} anchor=${button} label=${label} items=${items} close=${close} />`}
  `;
}

/**
 * @param {Object} props
 * @param {T.Ref} props.anchor
 * @param {string} props.label
 * @param {(T.MenuItem | null)[]} props.items
 * @param {(back: boolean) => void} props.close
 */
function Menu({ anchor, label, items, close }) {
  const box = useFloating(anchor, () => close(false), { end: true });
  /** @returns {HTMLElement[]} */
  const every = () => Array.from(box.current.querySelectorAll("[role=menuitem]"));
  // Focus before the next key, which is for the menu.
  useLayoutEffect(() => every()[0]?.focus(), []);
  /** @param {KeyboardEvent} event */
  const keyed = (event) => {
    const listed = every();
    const to = move(
      event.key,
      listed,
      listed.indexOf(/** @type {HTMLElement} */ (document.activeElement)),
    );
    if (to) to.focus();
    else if (event.key === "Escape" || event.key === "Tab") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** @param {T.MenuItem} item */
  const take = (item) => {
    close(true);
    item.act();
  };
  return html`
    <div
      class="floating menu"
      popover="manual"
      role="menu"
      aria-label=${label}
      ref=${box}
      onKeyDown=${keyed}
    >
      ${items.map((item, index) =>
        item
          ? html`
            <button
              type="button"
              role="menuitem"
              tabindex="-1"
              key=${item.words}
              class=${item.grave ? "grave" : ""}
              onClick=${() => take(item)}
            >
              <span>${item.words}${item.note && html`<small>${item.note}</small>`}</span>
              ${item.key && html`<kbd aria-hidden="true">${item.key}</kbd>`}
            </button>
          `
          : html`<hr key=${index} />`,
      )}
    </div>
  `;
}

/**
 * Return the item to focus for a key; undefined for other keys.
 * @param {string} key
 * @param {HTMLElement[]} listed
 * @param {number} at
 */
function move(key, listed, at) {
  const last = listed.length - 1;
  if (key === "ArrowDown") return listed[at === last ? 0 : at + 1];
  if (key === "ArrowUp") return listed[at <= 0 ? last : at - 1];
  if (key === "Home") return listed[0];
  if (key === "End") return listed[last];
  if (key.length !== 1 || key === " ") return undefined;
  const after = [...listed.slice(at + 1), ...listed.slice(0, at + 1)];
  return after.find((each) => each.textContent.trim().toLowerCase().startsWith(key.toLowerCase()));
}

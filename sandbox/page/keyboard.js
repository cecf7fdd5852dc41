// @ts-check
// Keys that work anywhere on the page.
import { open } from "./widgets/dialogs.js";
import { Help } from "./side/help.js";
import { listed } from "./side/sidebar.js";
import { change, current, go } from "./store.js";

/** Listen for the keys that help.js lists. While a dialog is open, they do nothing. */
export function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const act = meaning(event);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** @param {KeyboardEvent} event */
function meaning(event) {
  const { key, altKey, ctrlKey, metaKey } = event;
  const target = /** @type {Element} */ (event.target);
  if (altKey && key === "ArrowUp") return () => neighbour(-1);
  if (altKey && key === "ArrowDown") return () => neighbour(1);
  if (key === "F6") return () => region(event.shiftKey ? -1 : 1);
  if (key === "Escape" && current().place.thread) return leaveThread;
  const writes = target.closest("input, textarea, select, [contenteditable]");
  if (key === "?" && !writes && !ctrlKey && !metaKey) return () => open(Help);
  return null;
}

/** @param {number} step */
function neighbour(step) {
  const { place } = current();
  const every = listed(current());
  if (!every.length) return;
  const at = every.findIndex((each) => place.tab !== "home" && each.id === place.channel);
  const to = at < 0 ? (step > 0 ? 0 : every.length - 1) : at + step;
  if (every[to]) go({ channel: every[to].id, tab: null, thread: null, at: null });
}

/**
 * Focus the next region of the page, or its first control.
 * @param {number} step
 */
function region(step) {
  /** @type {NodeListOf<HTMLElement>} */
  const regions = document.querySelectorAll("[data-region]");
  const every = [...regions].filter((each) => each.offsetParent || each.tagName === "FORM");
  const at = every.findIndex((each) => each.contains(document.activeElement));
  const next = every[(at + step + every.length) % every.length] ?? every[0];
  const inside = next.matches("[tabindex]")
    ? next
    : ["textarea", "[aria-current=page]", "button"]
        .map((each) => /** @type {HTMLElement | null} */ (next.querySelector(each)))
        .find(Boolean);
  (inside ?? next).focus();
}

/** Close the thread and focus its root message. */
function leaveThread() {
  const { thread } = current().place;
  go({ thread: null });
  /** @type {HTMLElement | null} */
  const root =
    document.querySelector(`main [data-ts="${thread}"]`) ??
    document.querySelector("main [data-region]");
  root?.focus({ preventScroll: true });
  change({ editing: null });
}

// @ts-check
// Keyboard navigation in a list of messages.
/** @import * as T from "../types.js" */

/**
 * Move the focus in a list of messages: arrow keys, Home and End.
 * @param {T.KeyEvent} event
 */
export function walk(event) {
  const list = event.currentTarget;
  const article = event.target.closest("article");
  // Fields and buttons within a message handle their own keys.
  if (event.target !== list && event.target !== article) return;
  const every = [...list.querySelectorAll("article")];
  const at = article ? every.indexOf(article) : -1;
  /** @type {Record<string, HTMLElement | undefined>} */
  const targets = {
    ArrowUp: at < 0 ? every.at(-1) : every[at - 1],
    ArrowDown: at < 0 ? every.at(-1) : every[at + 1],
    Home: every[0],
    End: every.at(-1),
  };
  const to = targets[event.key];
  if (!to) return;
  event.preventDefault();
  to.focus();
  to.scrollIntoView({ block: "nearest" });
}

// @ts-check
// Returning the focus when the focused element disappears.

/** Return a function that focuses the current element again, or the message or region around it. */
export function holdFocus() {
  const held = /** @type {HTMLElement | null} */ (document.activeElement);
  const around = [
    held,
    held?.closest("article"),
    /** @type {HTMLElement | null | undefined} */ (held?.closest("[data-region]")),
  ];
  return () => giveFocus(around.find((each) => each?.isConnected));
}

/**
 * Focus a part of the page, unless the person has focused another one since then.
 * @param {HTMLElement | null | undefined} part
 */
export function giveFocus(part) {
  if (document.activeElement === document.body) part?.focus({ preventScroll: true });
}

// Where the focus goes when what had it is gone.

/** Return what leads the focus back to where it is now: there, or to the message or the part of the page that it was in. */
export function holdFocus() {
  const held = document.activeElement;
  const around = [held, held?.closest("article"), held?.closest("[data-region]")];
  return () => giveFocus(around.find((each) => each?.isConnected));
}

/** Focus a part of the page, unless one went on to another meanwhile: what had the focus is tidied up a frame after it is gone. */
export function giveFocus(part) {
  if (document.activeElement === document.body) part?.focus({ preventScroll: true });
}

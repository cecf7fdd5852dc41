// Where the focus goes when what had it is gone.

/** Return what leads the focus back to where it is now: there, or to the message or the part of the page that it was in. */
export function holdFocus() {
  const held = document.activeElement;
  const around = [held, held?.closest("article"), held?.closest("[data-region]")];
  return () => around.find((each) => each?.isConnected)?.focus({ preventScroll: true });
}

// @ts-check
// Boxes that float beside the control that opened them: menus, pickers, suggestions.
/** @import * as T from "../types.js" */
import { useEffect, useElement, useLayoutEffect, useRef } from "../ui.js";

const GAP = 4;
const EDGE = 8;

/**
 * Show an element above the page beside its anchor. `close` is called when the person clicks or
 * focuses elsewhere. Returns the element's ref.
 * @param {T.Ref} anchor
 * @param {() => void} close
 * @param {{ end?: boolean }} [parts]
 */
export function useFloating(anchor, close, { end = false } = {}) {
  /** @type {T.Ref} */
  const box = useElement();
  const closing = useRef(close);
  closing.current = close;
  useLayoutEffect(() => {
    box.current.showPopover();
    const around = anchor.current.getBoundingClientRect();
    const settle = () => lay(box.current, around, end);
    settle();
    // The height changes with the results.
    const watcher = new ResizeObserver(settle);
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  useEffect(() => {
    /** @param {Event} event */
    const elsewhere = (event) => {
      const inside = [box.current, anchor.current].some((each) =>
        each?.contains(/** @type {Node} */ (event.target)),
      );
      if (!inside) closing.current();
    };
    for (const kind of ["pointerdown", "focusin"]) document.addEventListener(kind, elsewhere);
    return () => {
      for (const kind of ["pointerdown", "focusin"]) document.removeEventListener(kind, elsewhere);
    };
  }, []);
  return box;
}

/**
 * Place a box below its anchor, or above it if there is more room, within the window.
 * @param {HTMLElement} box
 * @param {DOMRect} around
 * @param {boolean} end
 */
function lay(box, around, end) {
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = innerHeight - around.bottom - GAP - EDGE;
  const top =
    height <= below || below > around.top ? around.bottom + GAP : around.top - GAP - height;
  const left = end ? around.right - width : around.left;
  box.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
  box.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
}

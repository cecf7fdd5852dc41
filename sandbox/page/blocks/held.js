// What a person has just done with an element, shown until the workspace tells of that or of something newer.
import { useRef, useState } from "../ui.js";

/** Return {shown, hold, settle} for a value that the workspace knows, and the number of the change that brought it. */
export function useHeld(known, change) {
  const [held, setHeld] = useState(null);
  const newest = useRef(0);
  // What the workspace told of before it knew of the act would take back what was typed since.
  const over = !held || change >= held.change;
  return {
    shown: over ? known : held.value,
    /** Show a value; return what names this act. */
    hold(value) {
      setHeld({ value });
      return (newest.current += 1);
    },
    /** Show what the workspace has after an act (undefined: what it says by itself) and a change, unless there was a newer act. */
    settle(mine, value, change) {
      if (mine === newest.current) setHeld(value === undefined ? null : { value, change });
    },
  };
}

// The value that an element shows: the person's own, until the workspace reports it or a newer
// one.
import { useRef, useState } from "../ui.js";

/**
 * Return the shown value of an element, and functions that set it. `known` is the workspace's
 * value, `change` the number of the change that brought it.
 */
export function useShownValue(known, change) {
  const [held, setHeld] = useState(null);
  const newest = useRef(0);
  // An older report of the workspace must not undo what the person has typed since then.
  const over = !held || change >= held.change;
  return {
    shown: over ? known : held.value,
    /** Show a value; return the number of this act. */
    hold(value) {
      setHeld({ value });
      newest.current += 1;
      return newest.current;
    },
    /**
     * Show the workspace's value after an act, unless a newer act has begun. Undefined means the
     * value that the workspace reports by itself.
     */
    settle(mine, value, change) {
      if (mine === newest.current) setHeld(value === undefined ? null : { value, change });
    },
  };
}

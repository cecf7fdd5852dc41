// @ts-check
// The value that an element shows: the person's own, until the workspace reports it or a newer
// one.
/** @import * as T from "../types.js" */
import { useRef, useState } from "../ui.js";

/**
 * Return the shown value of an element, and functions that set it. `known` is the workspace's
 * value, `change` the number of the change that brought it.
 * @param {T.Choice} known
 * @param {number | undefined} change
 */
export function useShownValue(known, change) {
  const [held, setHeld] = useState(
    /** @type {{ value: T.Choice, change?: number } | null} */ (null),
  );
  const newest = useRef(0);
  // An older report of the workspace must not undo what the person has typed since then.
  const over = !held || Number(change) >= Number(held.change);
  return {
    shown: over ? known : held.value,
    /**
     * Show a value; return the number of this act.
     * @param {T.Choice} value
     */
    hold(value) {
      setHeld({ value });
      newest.current += 1;
      return newest.current;
    },
    /**
     * Show the workspace's value after an act, unless a newer act has begun. Undefined means the
     * value that the workspace reports by itself.
     * @param {number} mine
     * @param {T.Choice} [value]
     * @param {number} [change]
     */
    settle(mine, value, change) {
      if (mine === newest.current) setHeld(value === undefined ? null : { value, change });
    },
  };
}

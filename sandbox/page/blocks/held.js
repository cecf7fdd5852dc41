// What a person has just done with an element, shown until the workspace says the same, or something newer.
import { useEffect, useRef, useState } from "../ui.js";

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Return {shown, hold, settle} for a value that the workspace knows. */
export function useHeld(known) {
  const [held, setHeld] = useState(null);
  const latest = useRef(null);
  latest.current = known;
  const newest = useRef(0);
  useEffect(() => {
    if (!held) return;
    const moved = "after" in held && !same(held.after, known);
    if (moved || same(held.value, known)) setHeld(null);
  });
  return {
    shown: held ? held.value : known,
    /** Show a value; return what names this act. */
    hold(value) {
      setHeld({ value });
      return (newest.current += 1);
    },
    /** Show what the workspace has after an act (undefined: what it says by itself), unless there was a newer one. */
    settle(mine, value) {
      if (mine !== newest.current) return;
      setHeld(value === undefined ? null : { value, after: latest.current });
    },
  };
}

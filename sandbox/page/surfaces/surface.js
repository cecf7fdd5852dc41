// Where elements stand, in a message or a view, and what using them does there.
import { act } from "../acts.js";

/** What a person did on one surface and the workspace may not know yet. */
class Desk {
  typed = new Map();
  going = new Map();

  /** Do acts of one element one after the other: what came last stays. */
  inOrder(what, job) {
    const before = this.going.get(what) ?? Promise.resolve();
    const mine = before.then(job, job);
    this.going.set(what, mine);
    const over = () => this.going.get(what) === mine && this.going.delete(what);
    mine.then(over, over);
    return mine;
  }

  /** Tell now what was typed in an element; without one, in all of them. */
  tell(what) {
    for (const [each, job] of [...this.typed]) {
      if (what && each !== what) continue;
      this.typed.delete(each);
      this.inOrder(each, job);
    }
  }

  /** Wait until the workspace knows all that was typed and chosen so far. */
  async told() {
    this.tell();
    await Promise.allSettled(this.going.values());
  }
}

const desks = new Map();

function desk(key) {
  if (!desks.has(key)) desks.set(key, new Desk());
  return desks.get(key);
}

/** Wait until the workspace knows all that was typed and chosen on a surface. */
export const told = (key) => desk(key).told();

const nameOf = (block, element) => `${block.block_id}/${element.action_id}`;

/** Return how elements act: `send(what, choice, quiet)` and `offer(what, typed)` reach the workspace. */
function acting(key, send, offer) {
  const state = async (block, element, choice, quiet) => {
    const found = await send(nameOf(block, element), choice, quiet);
    return found && { ...found.values[block.block_id]?.[element.action_id], change: found.change };
  };
  return {
    /** Press or choose; return the element's state after it and its `change`, and throw what went wrong in words. */
    use(block, element, choice) {
      const what = nameOf(block, element);
      desk(key).typed.delete(what);
      // It is in its turn from now on: what is sent next waits for it too.
      const before = desk(key).told();
      const job = async () => {
        await before;
        return state(block, element, choice, false);
      };
      return choice === null && element.type.endsWith("button") ? job() : desk(key).inOrder(what, job);
    },
    /** Remember what was typed; `told` is given the element's state once the workspace knows it. */
    type(block, element, typed, told) {
      desk(key).typed.set(nameOf(block, element), async () => told(await state(block, element, typed, true)));
    },
    /** Tell what was typed in an element, now that it is left. */
    leave: (block, element) => desk(key).tell(nameOf(block, element)),
    suggest: (block, element, typed) => offer(nameOf(block, element), typed),
  };
}

/** Return where the blocks of a modal or Home tab stand. */
export function inView(view, names) {
  const { id, type, state } = view.raw;
  const send = async (what, choice, quiet) => {
    const found = await act("forms.choose", { view: id, label: what, choice, quiet, seconds: 0 });
    return found?.raw.id === id ? { values: found.raw.state.values, change: found.change } : undefined;
  };
  const offer = (what, typed) => act("forms.suggest", { view: id, label: what, typed });
  return { names, surface: type, key: id, change: view.change, values: state.values, errors: view.errors, ...acting(id, send, offer) };
}

/** Return where the blocks of a message stand. */
export function inMessage(one, names) {
  const { channel, raw } = one;
  const at = { user: names.me, channel, ts: raw.ts };
  const send = async (what, choice, quiet) => {
    const outcome = await act("clicks.select", { ...at, what, choice, quiet, seconds: 0 });
    if (outcome.error) throw new Error(outcome.error);
    return outcome;
  };
  const offer = (what, typed) => act("clicks.suggest", { ...at, what, typed });
  const key = `${names.me} ${channel} ${raw.ts}`;
  return { names, surface: "message", key, change: one.change, values: one.values ?? {}, errors: {}, ...acting(key, send, offer) };
}

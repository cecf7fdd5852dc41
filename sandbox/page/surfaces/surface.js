// @ts-check
// The surface of blocks, a message or a view, and what using an element does there.
/** @import * as T from "../types.js" */
import { act } from "../acts.js";

/** @typedef {() => Promise<unknown>} Job */

/**
 * Sends what was chosen; `quiet` sends no event to the app.
 * @callback Send
 * @param {string} what
 * @param {T.Choice} choice
 * @param {boolean} quiet
 * @returns {Promise<{ values: T.Values, change: number } | undefined>}
 */

/** A person's acts on one surface that the workspace may not have processed yet. */
class Desk {
  /** @type {Map<string, Job>} */
  typed = new Map();
  /** @type {Map<string, Promise<any>>} The state after the last act, which differs by element. */
  going = new Map();

  /**
   * Do the acts of one element one after the other, so that the last one wins.
   * @param {string} what
   * @param {Job} job
   */
  inOrder(what, job) {
    const before = this.going.get(what) ?? Promise.resolve();
    const mine = before.then(job, job);
    this.going.set(what, mine);
    const over = () => this.going.get(what) === mine && this.going.delete(what);
    mine.then(over, over);
    return mine;
  }

  /**
   * Send the typed text of an element now, or of all elements.
   * @param {string} [what]
   */
  tell(what) {
    for (const [each, job] of [...this.typed]) {
      if (what && each !== what) continue;
      this.typed.delete(each);
      this.inOrder(each, job);
    }
  }

  /** Wait until the workspace has all that was typed and chosen so far. */
  async told() {
    this.tell();
    await Promise.allSettled(this.going.values());
  }
}

/** @type {Map<string, Desk>} */
const desks = new Map();

/** @param {string} key */
function desk(key) {
  const known = desks.get(key) ?? new Desk();
  desks.set(key, known);
  return known;
}

/**
 * Wait until the workspace has all that was typed and chosen on a surface.
 * @param {string} key
 */
export const told = (key) => desk(key).told();

/**
 * @param {T.Block} block
 * @param {T.BlockElement} element
 */
const nameOf = (block, element) => `${block.block_id}/${element.action_id}`;

/**
 * Return the acts of elements; `send` and `offer` reach the workspace.
 * @param {string} key
 * @param {Send} send
 * @param {(what: string, typed: string) => Promise<T.Json>} offer
 */
function acting(key, send, offer) {
  /**
   * @param {T.Block} block
   * @param {T.BlockElement} element
   * @param {T.Choice} choice
   * @param {boolean} quiet
   */
  const state = async (block, element, choice, quiet) => {
    const found = await send(nameOf(block, element), choice, quiet);
    return found && { ...found.values[block.block_id]?.[element.action_id], change: found.change };
  };
  return {
    /**
     * Press or choose. Resolves to the element's new state and its `change`; throws the reason if
     * it fails.
     * @param {T.Block} block
     * @param {T.BlockElement} element
     * @param {T.Choice} choice
     */
    use(block, element, choice) {
      const what = nameOf(block, element);
      desk(key).typed.delete(what);
      // This act has its turn now: what is sent next waits for it too.
      const before = desk(key).told();
      const job = async () => {
        await before;
        return state(block, element, choice, false);
      };
      return choice === null && element.type.endsWith("button")
        ? job()
        : desk(key).inOrder(what, job);
    },
    /**
     * Remember typed text; `told` is called with the element's state once the workspace has it.
     * @param {T.Block} block
     * @param {T.BlockElement} element
     * @param {string} typed
     * @param {T.Told} told
     */
    type(block, element, typed, told) {
      desk(key).typed.set(nameOf(block, element), async () =>
        told(await state(block, element, typed, true)),
      );
    },
    /**
     * Send the typed text of an element that lost the focus.
     * @param {T.Block} block
     * @param {T.BlockElement} element
     */
    leave: (block, element) => desk(key).tell(nameOf(block, element)),
    /**
     * @param {T.Block} block
     * @param {T.BlockElement} element
     * @param {string} typed
     */
    suggest: (block, element, typed) => offer(nameOf(block, element), typed),
  };
}

/**
 * Return the surface of a modal or Home tab.
 * @param {T.View} view
 * @param {T.Names} names
 */
export function inView(view, names) {
  const { id, type, state } = view.raw;
  /**
   * @param {string} what
   * @param {T.Choice} choice
   * @param {boolean} quiet
   */
  const send = async (what, choice, quiet) => {
    const found = await act("forms.choose", { view: id, label: what, choice, quiet, seconds: 0 });
    return found?.raw.id === id
      ? { values: found.raw.state.values, change: found.change }
      : undefined;
  };
  /**
   * @param {string} what
   * @param {string} typed
   */
  const offer = (what, typed) => act("forms.suggest", { view: id, label: what, typed });
  return {
    names,
    surface: type,
    key: id,
    change: view.change,
    values: state.values,
    errors: view.errors,
    ...acting(id, send, offer),
  };
}

/**
 * Return the surface of a message.
 * @param {T.Message} message
 * @param {T.Names} names
 */
export function inMessage(message, names) {
  const { channel, raw } = message;
  const at = { user: names.me, channel, ts: raw.ts };
  /**
   * @param {string} what
   * @param {T.Choice} choice
   * @param {boolean} quiet
   */
  const send = async (what, choice, quiet) => {
    const outcome = await act("clicks.select", { ...at, what, choice, quiet, seconds: 0 });
    if (outcome.error) throw new Error(outcome.error);
    return outcome;
  };
  /**
   * @param {string} what
   * @param {string} typed
   */
  const offer = (what, typed) => act("clicks.suggest", { ...at, what, typed });
  const key = `${names.me} ${channel} ${raw.ts}`;
  return {
    names,
    surface: "message",
    key,
    change: message.change,
    values: message.values ?? {},
    errors: {},
    ...acting(key, send, offer),
  };
}

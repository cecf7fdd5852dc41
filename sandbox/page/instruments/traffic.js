// @ts-check
// The API log's rows: one for each call or delivery between Slack and the app.
/** @import * as T from "../types.js" */
import { change, current } from "../store.js";

// How many rows the page keeps; older ones are dropped.
const MOST = 2000;

let cleared = -1;

/**
 * Add new and changed rows.
 * @param {T.Exchange[]} rows
 */
export function collect(rows) {
  const { traffic = [] } = current();
  const oldest = traffic.length < MOST ? cleared : traffic[0].number;
  const fresh = rows.filter(
    (each) => each.number > oldest || (each.number === oldest && each.number > cleared),
  );
  if (!fresh.length) return;
  const all = new Map(traffic.map((each) => [each.number, each]));
  for (const each of fresh) all.set(each.number, each);
  const sorted = [...all.values()].sort((a, b) => a.number - b.number);
  change({ traffic: sorted.slice(-MOST) });
}

/** Remove all rows so far. */
export function clear() {
  cleared = current().traffic?.at(-1)?.number ?? cleared;
  change({ traffic: [] });
}

/** @type {Record<string, (row: T.Exchange) => boolean>} */
const KINDS = {
  all: () => true,
  refused: (row) => Boolean(row.refusal),
  calls: (row) => row.calls,
  events: (row) => !row.calls,
};

/**
 * Return the rows of a kind in which all words of a search stand.
 * @param {T.Exchange[]} rows
 * @param {string} kind
 * @param {string} search
 */
export function matching(rows, kind, search) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  /** @param {T.Exchange} row */
  const has = (row) => {
    const text = `${row.title} ${row.says} ${row.refusal}`.toLowerCase();
    return words.every((each) => text.includes(each));
  };
  return rows.filter((row) => KINDS[kind](row) && has(row));
}

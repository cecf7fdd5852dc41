// @ts-check
// The list of messages: day headings, the line above new messages, and runs of one author.
/** @import * as T from "../types.js" */
import { Message } from "./message.js";
import { day, dayKey } from "../times.js";
import { html } from "../ui.js";

/**
 * @typedef {Object} RowsProps
 * @property {T.Names} names
 * @property {T.Place} place
 * @property {T.Editing | null} editing
 * @property {string | null} [read]
 * @property {boolean} [inThread]
 */

// As in Slack, a message this soon after its author's last one is drawn without the author.
const CLOSE_SECONDS = 5 * 60;

/**
 * Draw messages in order. `read` is the ts of the last one read; null draws no line.
 * @param {T.Message[]} messages
 * @param {RowsProps} parts
 */
export function rows(messages, { names, place, editing, read = null, inThread = false }) {
  const drawn = [];
  /** @type {T.Message | null} */
  let before = null;
  let line = read === null;
  for (const each of messages) {
    const { raw } = each;
    const newDay =
      !inThread && (!before || dayKey(before.raw.ts, names.zone) !== dayKey(raw.ts, names.zone));
    const isNew = !line && raw.ts > (read ?? "") && raw.user !== names.me && !each.to;
    if (newDay)
      drawn.push(html`
        <h3 class="day" key=${`day ${dayKey(raw.ts, names.zone)}`}>
          <span>${day(raw.ts, names.zone)}</span>
        </h3>
      `);
    if (isNew)
      drawn.push(html`
        <p class="new" role="separator" aria-label="New messages" key="new"><span>New</span></p>
      `);
    line ||= isNew;
    const compact = !newDay && !isNew && follows(before, each);
    const edited = editing?.ts === raw.ts && editing.thread === inThread;
    drawn.push(html`
      <${Message}
        key=${raw.ts}
        message=${each}
        names=${names}
        marked=${raw.ts === place.at}
        compact=${compact}
        edited=${edited}
        inThread=${inThread}
      />
    `);
    before = each;
  }
  return drawn;
}

/**
 * @param {T.Message | null} before
 * @param {T.Message} message
 */
function follows(before, { raw, to }) {
  if (!before || before.to || to || before.raw.subtype || raw.subtype) return false;
  const same = before.raw.user === raw.user && before.raw.username === raw.username;
  return same && !before.raw.reply_count && Number(raw.ts) - Number(before.raw.ts) < CLOSE_SECONDS;
}

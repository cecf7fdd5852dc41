// Messages one below the other: days between them, what is new, and runs of one author drawn closely.
import { message } from "./message.js";
import { day, dayKey } from "../times.js";
import { html } from "../ui.js";

// As Slack does, a message within so many seconds of its author's last one stands close to it.
const CLOSE_SECONDS = 5 * 60;

/** Draw messages in order; `read` is the ts up to which they were read, null where that does not matter. */
export function rows(messages, { names, place, editing, read = null, inThread = false }) {
  const drawn = [];
  let before = null;
  let line = read === null;
  for (const each of messages) {
    const { raw } = each;
    const newDay = !inThread && (!before || dayKey(before.raw.ts, names.zone) !== dayKey(raw.ts, names.zone));
    const isNew = !line && raw.ts > read && raw.user !== names.me && !each.to;
    if (newDay) drawn.push(html`<h3 class="day" key=${`day ${dayKey(raw.ts, names.zone)}`}><span>${day(raw.ts, names.zone)}</span></h3>`);
    if (isNew) drawn.push(html`<p class="new" role="separator" aria-label="New messages" key="new"><span>New</span></p>`);
    line ||= isNew;
    const compact = !newDay && !isNew && follows(before, each);
    const edited = editing?.ts === raw.ts && editing.thread === inThread;
    drawn.push(html`<${message} key=${raw.ts} one=${each} names=${names} marked=${raw.ts === place.at} compact=${compact} edited=${edited} inThread=${inThread} />`);
    before = each;
  }
  return drawn;
}

function follows(before, { raw, to }) {
  if (!before || before.to || to || before.raw.subtype || raw.subtype) return false;
  const same = before.raw.user === raw.user && before.raw.username === raw.username;
  return same && !before.raw.reply_count && Number(raw.ts) - Number(before.raw.ts) < CLOSE_SECONDS;
}

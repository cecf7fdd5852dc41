// @ts-check
// Times as people read them, in the reader's time zone.
/** @import * as T from "./types.js" */
import { current } from "./store.js";

/**
 * Return the workspace's time in milliseconds: the set time, or the machine's plus the shift.
 * @param {T.Clock | undefined} clock
 */
export const time = (clock) =>
  clock?.at === undefined ? Date.now() + (clock?.shift ?? 0) * 1000 : clock.at * 1000;

/**
 * Return the time of a message.
 * @param {string | number} ts
 */
export const moment = (ts) => new Date(Number(ts) * 1000);

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * Return a formatter from a cache, because they are slow to create.
 * @param {string | undefined} zone
 * @param {Intl.DateTimeFormatOptions} options
 * @param {string} [locale]
 */
export function format(zone, options, locale = "en-GB") {
  const key = JSON.stringify([zone, options, locale]);
  const known = formats.get(key);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  formats.set(key, formatter);
  return formatter;
}

/**
 * @param {string | number} ts
 * @param {string} [zone]
 */
export const clock = (ts, zone) =>
  format(zone, { hour: "2-digit", minute: "2-digit" }).format(moment(ts));

/**
 * Return the day of a message in a zone: 2026-11-25.
 * @param {string | number} ts
 * @param {string} [zone]
 */
export const dayKey = (ts, zone) =>
  format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }, "sv-SE").format(moment(ts));

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Return the name of a day: Today, Yesterday, or its weekday and date, with the year if it isn't
 * this one.
 * @param {string | number} ts
 * @param {string | undefined} zone
 * @param {number} [now]
 */
export function day(ts, zone, now = time(current().clock) / 1000) {
  const key = dayKey(ts, zone);
  if (key === dayKey(now, zone)) return "Today";
  if (key === dayKey(now - DAY_SECONDS, zone)) return "Yesterday";
  /** @type {Intl.DateTimeFormatOptions} */
  const year = key.slice(0, 4) === dayKey(now, zone).slice(0, 4) ? {} : { year: "numeric" };
  return format(zone, { weekday: "long", day: "numeric", month: "long", ...year }).format(
    moment(ts),
  );
}

/**
 * Return a time within a sentence: "today at 14:02", "on Monday 23 November at 09:15".
 * @param {string | number} ts
 * @param {string} [zone]
 */
export function ago(ts, zone) {
  const words = day(ts, zone);
  const when = /^(Today|Yesterday)$/.test(words) ? words.toLowerCase() : `on ${words}`;
  return `${when} at ${clock(ts, zone)}`;
}

/**
 * @param {string | number} ts
 * @param {string} [zone]
 */
export const whole = (ts, zone) =>
  format(zone, { dateStyle: "full", timeStyle: "medium" }).format(moment(ts));

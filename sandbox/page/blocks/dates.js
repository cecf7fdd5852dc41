// @ts-check
// Dates in texts: in the app's pattern and the reader's time zone.
import { current } from "../store.js";
import { format, time } from "../times.js";
import { html } from "../ui.js";
import { link } from "./links.js";

/** @typedef {{ at: Date, now: Date, zone?: string }} Moment */

const DAY = 86_400;
// Slack leaves out the year within six months (docs.slack.dev, formatting message text).
const HALF_A_YEAR = 183 * DAY;

/**
 * @param {Moment} parts
 * @param {Intl.DateTimeFormatOptions} options
 */
const part = ({ at, zone }, options) => format(zone, options).format(at);

/** @param {number} number */
function ordinal(number) {
  const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(number);
  /** @type {Partial<Record<Intl.LDMLPluralRule, string>>} */
  const endings = { one: "st", two: "nd", few: "rd" };
  return `${number}${endings[rule] ?? "th"}`;
}

/**
 * Return a date in words: "Tuesday, February 18th, 2014", or shorter.
 * @param {Moment} given
 * @param {{ weekday?: boolean, short?: boolean, year?: boolean }} parts
 */
function inWords(given, { weekday, short, year }) {
  const month = part(given, { month: "long" });
  const day = Number(part(given, { day: "numeric" }));
  const words = [short ? `${month.slice(0, 3)} ${day}` : `${month} ${ordinal(day)}`];
  if (weekday) words.unshift(part(given, { weekday: "long" }));
  if (year || Math.abs(Number(given.at) - Number(given.now)) / 1000 >= HALF_A_YEAR)
    words.push(part(given, { year: "numeric" }));
  return words.join(", ");
}

/** @param {Moment} given */
const numbers = (given) => part(given, { day: "2-digit", month: "2-digit", year: "numeric" });

/**
 * Return "yesterday", "today" or "tomorrow", or call `otherwise` for other days.
 * @param {(given: Moment) => string} otherwise
 * @returns {(given: Moment) => string}
 */
const pretty = (otherwise) => (given) => {
  const near = [-1, 0, 1].map((away) =>
    numbers({ ...given, at: new Date(given.now.getTime() + away * DAY * 1000) }),
  );
  return ["yesterday", "today", "tomorrow"][near.indexOf(numbers(given))] ?? otherwise(given);
};

/** @type {[unit: Intl.RelativeTimeFormatUnit, seconds: number][]} */
const UNITS = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["day", DAY],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** @param {Moment} props */
function ago({ at, now }) {
  const seconds = Math.round((Number(at) - Number(now)) / 1000);
  const [unit, length] =
    UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? UNITS[UNITS.length - 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(
    Math.trunc(seconds / length),
    unit,
  );
}

/** @param {Moment} given */
const date = (given) => inWords(given, {});
/** @param {Moment} given */
const short = (given) => inWords(given, { short: true });
/** @param {Moment} given */
const long = (given) => inWords(given, { weekday: true });

/** @type {Map<string, (given: Moment) => string>} */
const TOKENS = new Map(
  Object.entries({
    date_num: (/** @type {Moment} */ given) => numbers(given).split("/").reverse().join("-"),
    date_slash: numbers,
    date,
    date_short: short,
    date_long: long,
    date_long_full: (/** @type {Moment} */ given) => inWords(given, { year: true }),
    date_pretty: pretty(date),
    date_short_pretty: pretty(short),
    date_long_pretty: pretty(long),
    day_divider_pretty: pretty(long),
    time: (/** @type {Moment} */ given) => part(given, { hour: "2-digit", minute: "2-digit" }),
    time_secs: (/** @type {Moment} */ given) =>
      part(given, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    ago,
  }),
);

/**
 * Return a time (seconds since 1970) in a pattern of tokens, as a link if there is a URL. An
 * invalid time becomes the fallback.
 * @param {string} seconds
 * @param {string} pattern
 * @param {{ zone?: string, url?: string, fallback?: string }} parts
 */
export function moment(seconds, pattern, { zone, url, fallback }) {
  const at = new Date(Number(seconds) * 1000);
  if (!/^\d+$/.test(seconds) || Number.isNaN(at.getTime()) || !pattern) return fallback ?? "";
  const given = { at, zone, now: new Date(time(current().clock)) };
  const words = pattern.replace(/\{(\w+)\}/g, (whole, name) => TOKENS.get(name)?.(given) ?? whole);
  // At the beginning of a text, "today" has a capital letter.
  const shown = pattern.startsWith("{") ? words.charAt(0).toUpperCase() + words.slice(1) : words;
  const drawn = html`<time datetime=${at.toISOString()} title=${fallback ?? ""}>${shown}</time>`;
  return url ? link(url, drawn) : drawn;
}

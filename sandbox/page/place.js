// @ts-check
// The place: person, channel or tab, and open thread. It is in the address, so that each window
// has its own.
/** @import * as T from "./types.js" */
const KEYS = {
  user: "as",
  channel: "in",
  tab: "tab",
  thread: "thread",
  at: "at",
  drawer: "drawer",
  clock: "clock",
};

/** Read the place from the address. */
export function read() {
  const given = new URLSearchParams(location.search);
  const parts = Object.entries(KEYS).map(([key, name]) => [key, given.get(name)]);
  return /** @type {T.Place} */ (Object.fromEntries(parts));
}

/**
 * Return the address of a place.
 * @param {Partial<T.Place>} place
 */
export function address(place) {
  const query = new URLSearchParams();
  for (const [key, name] of Object.entries(KEYS)) {
    const part = place[/** @type {keyof T.Place} */ (key)];
    if (part) query.set(name, part);
  }
  return `?${query}`;
}

/**
 * Return the place of a permalink of this workspace; null for any other address.
 * @param {string} url
 */
export function ofPermalink(url) {
  const found =
    /^https:\/\/[\w-]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})(?:\?thread_ts=([\d.]+))?/.exec(
      url,
    );
  if (!found) return null;
  const [, channel, seconds, rest, thread] = found;
  return { channel, at: `${seconds}.${rest}`, thread: thread ?? null, tab: null };
}

/**
 * Return the permalink of a message in Slack's form.
 * @param {string} domain
 * @param {string} channel
 * @param {Pick<T.RawMessage, "ts" | "thread_ts">} parts
 */
export function permalink(domain, channel, { ts, thread_ts: thread }) {
  const link = `https://${domain}.slack.com/archives/${channel}/p${ts.replace(".", "")}`;
  return thread && thread !== ts ? `${link}?thread_ts=${thread}&cid=${channel}` : link;
}

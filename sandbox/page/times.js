// Moments as people read them, in the zone of who reads.

/** Return the moment of a message. */
export const moment = (ts) => new Date(Number(ts) * 1000);

const formats = new Map();

/** Return a formatter; they are costly to make, so each is made once. */
export function format(zone, options) {
  const key = JSON.stringify([zone, options]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
  return formats.get(key);
}

export const clock = (ts, zone) => format(zone, { hour: "2-digit", minute: "2-digit" }).format(moment(ts));

export const day = (ts, zone) => format(zone, { weekday: "long", day: "numeric", month: "long" }).format(moment(ts));

export const whole = (ts, zone) => format(zone, { dateStyle: "full", timeStyle: "medium" }).format(moment(ts));

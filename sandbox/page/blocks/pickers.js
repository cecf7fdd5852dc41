// @ts-check
// Date and time pickers, drawn by the browser, in the reader's time zone.
/** @import * as T from "../types.js" */
import { format } from "../times.js";
import { html, useRef, useState } from "../ui.js";

/**
 * A date picker or a time picker.
 * @param {T.ElementProps} props
 */
export function DatePicker({ given, field, value, use }) {
  const kind = given.type === "datepicker" ? "date" : "time";
  return html`
    <${NativePicker}
      kind=${kind}
      field=${field}
      value=${value ?? ""}
      onPick=${(/** @type {string} */ chosen) => use(chosen || null, chosen || null)}
    />
    ${given.timezone && html`<small class="quiet">${given.timezone}</small>`}
  `;
}

/**
 * A date and time picker; its value is in seconds since 1970.
 * @param {T.ElementProps} props
 */
export function DateTimePicker({ at, field, value, use }) {
  const { zone } = at.names;
  /** @param {string} chosen */
  const pick = (chosen) => {
    const seconds = chosen ? momentOf(chosen, zone) : null;
    use(seconds, seconds);
  };
  return html`
    <${NativePicker}
      kind="datetime-local"
      field=${field}
      value=${value ? localOf(value, zone) : ""}
      onPick=${pick}
    />
    <small class="quiet">${zone}</small>
  `;
}

/**
 * The browser's picker. A value typed part by part counts on Enter or when the field loses the
 * focus.
 * @param {Object} props
 * @param {keyof typeof NAMES} props.kind
 * @param {T.Field} props.field
 * @param {string} props.value
 * @param {(chosen: string) => void} props.onPick
 */
function NativePicker({ kind, field, value, onPick }) {
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  const typing = useRef(false);
  /** @param {T.FieldEvent} event */
  const entered = (event) => {
    const chosen = event.currentTarget.value;
    setDraft(null);
    if (chosen !== value) onPick(chosen);
  };
  /** @param {T.FieldEvent} event */
  const changed = (event) =>
    typing.current ? setDraft(event.currentTarget.value) : entered(event);
  /** @param {T.KeyEvent<HTMLInputElement>} event */
  const pressed = (event) => {
    if (event.key === "Enter" && event.currentTarget.value !== value) {
      event.preventDefault();
      entered(event);
    }
    typing.current = event.key !== "Enter";
  };
  /** @param {T.FieldEvent} event */
  const left = (event) => {
    typing.current = false;
    entered(event);
  };
  const named = field.id ? field : { ...field, "aria-label": field["aria-label"] ?? NAMES[kind] };
  return html`
    <input
      type=${kind}
      ...${named}
      value=${draft ?? value}
      onInput=${changed}
      onKeyDown=${pressed}
      onPointerDown=${() => (typing.current = false)}
      onBlur=${left}
    />
  `;
}

const NAMES = { date: "Date", time: "Time", "datetime-local": "Date and time" };

/** @type {Intl.DateTimeFormatOptions} */
const PARTS = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};

/**
 * Return a time as the clock of a zone shows it: 2026-03-02T09:30.
 * @param {number} seconds
 * @param {string | undefined} zone
 */
function localOf(seconds, zone) {
  const parts = Object.fromEntries(
    format(zone, PARTS)
      .formatToParts(new Date(seconds * 1000))
      .map((each) => [each.type, each.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/**
 * Return the time at which the clock of a zone shows this.
 * @param {string} local
 * @param {string | undefined} zone
 */
function momentOf(local, zone) {
  const wanted = Date.parse(`${local}Z`) / 1000;
  /** @param {number} seconds */
  const off = (seconds) => Date.parse(`${localOf(seconds, zone)}Z`) / 1000 - seconds;
  // The first guess has a different offset if daylight saving changes in between.
  const guess = wanted - off(wanted);
  return wanted - off(guess);
}

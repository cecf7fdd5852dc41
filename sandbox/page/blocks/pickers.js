// Date and time pickers, drawn by the browser, in the reader's time zone.
import { format } from "../times.js";
import { html, useRef, useState } from "../ui.js";

/** A date picker or a time picker. */
export function DatePicker({ given, field, value, use }) {
  const kind = given.type === "datepicker" ? "date" : "time";
  return html`
    <${NativePicker}
      kind=${kind}
      field=${field}
      value=${value ?? ""}
      onPick=${(chosen) => use(chosen || null, chosen || null)}
    />
    ${given.timezone && html`<small class="quiet">${given.timezone}</small>`}
  `;
}

/** A date and time picker; its value is in seconds since 1970. */
export function DateTimePicker({ at, field, value, use }) {
  const { zone } = at.names;
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
 */
function NativePicker({ kind, field, value, onPick }) {
  const [draft, setDraft] = useState(null);
  const typing = useRef(false);
  const entered = (event) => {
    const chosen = event.currentTarget.value;
    setDraft(null);
    if (chosen !== value) onPick(chosen);
  };
  const changed = (event) =>
    typing.current ? setDraft(event.currentTarget.value) : entered(event);
  const pressed = (event) => {
    if (event.key === "Enter" && event.currentTarget.value !== value) {
      event.preventDefault();
      entered(event);
    }
    typing.current = event.key !== "Enter";
  };
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

const PARTS = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};

/** Return a time as the clock of a zone shows it: 2026-03-02T09:30. */
function localOf(seconds, zone) {
  const parts = Object.fromEntries(
    format(zone, PARTS)
      .formatToParts(new Date(seconds * 1000))
      .map((each) => [each.type, each.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** Return the time at which the clock of a zone shows this. */
function momentOf(local, zone) {
  const wanted = Date.parse(`${local}Z`) / 1000;
  const off = (seconds) => Date.parse(`${localOf(seconds, zone)}Z`) / 1000 - seconds;
  // The first guess has a different offset if daylight saving changes in between.
  const guess = wanted - off(wanted);
  return wanted - off(guess);
}

// Days and times, each in the browser's own picker; moments are in the zone of who chooses.
import { format } from "../times.js";
import { html, useRef, useState } from "../ui.js";

/** A date or a time of day. */
export function picker({ given, field, value, use }) {
  const kind = given.type === "datepicker" ? "date" : "time";
  return html`
    <${native} kind=${kind} field=${field} value=${value ?? ""} onPick=${(chosen) => use(chosen || null, chosen || null)} />
    ${given.timezone && html`<small class="quiet">${given.timezone}</small>`}`;
}

/** A moment: seconds since 1970. */
export function dateTime({ at, field, value, use }) {
  const { zone } = at.names;
  const pick = (chosen) => {
    const seconds = chosen ? momentOf(chosen, zone) : null;
    use(seconds, seconds);
  };
  return html`
    <${native} kind="datetime-local" field=${field} value=${value ? localOf(value, zone) : ""} onPick=${pick} />
    <small class="quiet">${zone}</small>`;
}

/** The browser's picker; what is typed part by part counts once one has left it or pressed Enter. */
function native({ kind, field, value, onPick }) {
  const [draft, setDraft] = useState(null);
  const typing = useRef(false);
  const entered = (event) => {
    const chosen = event.currentTarget.value;
    setDraft(null);
    if (chosen !== value) onPick(chosen);
  };
  const changed = (event) => (typing.current ? setDraft(event.currentTarget.value) : entered(event));
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
  return html`<input type=${kind} ...${named} value=${draft ?? value} onInput=${changed} onKeyDown=${pressed} onPointerDown=${() => (typing.current = false)} onBlur=${left} />`;
}

const NAMES = { date: "Date", time: "Time", "datetime-local": "Date and time" };

const PARTS = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** Return a moment as the clock of a zone shows it: 2026-03-02T09:30. */
function localOf(seconds, zone) {
  const parts = Object.fromEntries(format(zone, PARTS).formatToParts(new Date(seconds * 1000)).map((each) => [each.type, each.value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** Return the moment at which the clock of a zone shows that. */
function momentOf(local, zone) {
  const wanted = Date.parse(`${local}Z`) / 1000;
  const off = (seconds) => Date.parse(`${localOf(seconds, zone)}Z`) / 1000 - seconds;
  // The offset at the first guess is another where a clock was changed in between.
  const guess = wanted - off(wanted);
  return wanted - off(guess);
}

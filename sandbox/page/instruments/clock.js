// @ts-check
// The workspace's clock, and the dialog that moves it forward.
/** @import * as T from "../types.js" */
import { perform } from "../acts.js";
import { go, notice } from "../store.js";
import { format, time } from "../times.js";
import { html, pure, useEffect, useElement, useState } from "../ui.js";
import { giveFocus } from "../widgets/focus.js";

/** @type {Intl.DateTimeFormatOptions} */
const SHORT = {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
};
/** @type {Intl.DateTimeFormatOptions} */
const LONG = {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
};
/** @type {Intl.DateTimeFormatOptions} */
const FIELD = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
};

/**
 * Return the time in a zone as the value of a datetime-local input.
 * @param {string} zone
 * @param {number} moment
 */
function local(zone, moment) {
  const parts = Object.fromEntries(
    format(zone, FIELD)
      .formatToParts(moment)
      .map((each) => [each.type, each.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/**
 * Return the workspace's time, and draw again when it changes.
 * @param {T.Clock} clock
 */
function useMinutes(clock) {
  const [now, setNow] = useState(() => time(clock));
  useEffect(() => {
    const look = () => setNow(time(clock));
    look();
    const ticking = setInterval(look, 1000);
    return () => clearInterval(ticking);
  }, [clock]);
  return now;
}

/** The button that shows the time and opens the dialog. */
export const ClockButton = pure(
  (/** @type {{ clock: T.Clock, zone: string }} */ props) => html`<${ClockFace} ...${props} />`,
);

/** @param {{ clock: T.Clock, zone: string }} props */
function ClockFace({ clock, zone }) {
  const words = format(zone, SHORT).format(useMinutes(clock));
  return html`
    <button
      type="button"
      class="spot"
      id="clock-button"
      aria-haspopup="dialog"
      aria-label=${`${words}. Move the clock`}
      title="Move the clock"
      onClick=${() => go({ clock: "1" }, { replace: true })}
    >
      <span class="sign" aria-hidden="true">◷</span> <span class="spot-name">${words}</span>
    </button>
  `;
}

/** @param {{ clock: T.Clock, zone: string }} props */
export function ClockDialog({ clock, zone }) {
  /** @type {T.Ref<HTMLDialogElement>} */
  const box = useElement();
  const [chosen, setChosen] = useState(() => local(zone, time(clock)));
  const now = useMinutes(clock);
  useEffect(() => {
    box.current.showModal();
    return () => giveFocus(document.getElementById("clock-button"));
  }, []);
  const close = () => go({ clock: null }, { replace: true });
  /**
   * @param {string} verb
   * @param {T.Json} args
   */
  const move = async (verb, args) => {
    const moved = await perform(`time.${verb}`, args);
    if (moved === undefined) return;
    close();
    notice(`It is ${format(zone, LONG).format(new Date(moved * 1000))} now.`);
  };
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    move("to", { local: chosen, zone });
  };
  /** @param {Event} event */
  const cancelled = (event) => {
    event.preventDefault();
    close();
  };
  return html`
    <dialog ref=${box} class="clock" aria-labelledby="clock-title" onCancel=${cancelled}>
      <header>
        <h2 id="clock-title">Move the clock</h2>
        <button type="button" class="icon" aria-label="Close" onClick=${close}>✕</button>
      </header>
      <form onSubmit=${submit}>
        <p>
          It is${" "}
          <b>${format(zone, LONG).format(now)}</b>${" "}
          in ${zone}.${" "}
          <span class="quiet">You can only move it forward.</span>
        </p>
        <div class="moves">
          <button type="button" class="primary" autofocus onClick=${() => move("monday", { zone })}>
            Next Monday, 09:00
          </button>
          <button type="button" onClick=${() => move("ahead", { hours: 1 })}>+1 hour</button>
          <button type="button" onClick=${() => move("ahead", { hours: 24 })}>+1 day</button>
        </div>
        <label for="clock-chosen">Or choose a date and time</label>
        <div class="chosen">
          <input
            id="clock-chosen"
            type="datetime-local"
            required
            value=${chosen}
            min=${local(zone, now)}
            onInput=${(/** @type {T.FieldEvent} */ event) => setChosen(event.currentTarget.value)}
          />
          <button>Move</button>
        </div>
      </form>
    </dialog>
  `;
}

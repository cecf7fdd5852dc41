// @ts-check
// One call or delivery: its row, and its details when open.
/** @import * as T from "../types.js" */
import { act } from "../acts.js";
import { Json, pointed } from "./json.js";
import { notice } from "../store.js";
import { format } from "../times.js";
import { html, pure, useEffect, useState } from "../ui.js";

/**
 * @typedef {Object} ExchangeProps
 * @property {T.Exchange} row
 * @property {boolean} open
 * @property {(number: number) => void} toggle
 * @property {string} zone
 */

/** @type {Intl.DateTimeFormatOptions} */
const TIME = { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 };

export const Exchange = pure(
  (/** @type {ExchangeProps} */ { row, open, toggle, zone }) => html`
    <tbody class=${row.refusal ? "refused" : ""}>
      <tr>
        <td class="time">${format(zone, TIME).format(new Date(row.at * 1000))}</td>
        <th scope="row">
          <button
            type="button"
            aria-expanded=${open ? "true" : "false"}
            onClick=${() => toggle(row.number)}
          >
            <span class="way" aria-hidden="true">${row.calls ? "↑" : "↓"}</span>
            <span class="sr-only">${row.calls ? "Call: " : "Event: "}</span>
            ${row.title}
          </button>
        </th>
        <td class="says">${row.says}</td>
        <td class="answer">${answer(row)}</td>
        <td class="number">${row.seconds === null ? "" : milliseconds(row.seconds)}</td>
        <td class="number">${row.calls ? "" : row.attempts}</td>
      </tr>
      ${
        row.refusal &&
        html`
          <tr class="rule">
            <td></td>
            <td colspan="5">
              ${row.rule}${" "}
              <a href=${`https://docs.slack.dev/${row.page}`} target="_blank" rel="noreferrer">
                ${row.page}
              </a>
            </td>
          </tr>
        `
      }
      ${open && html`<tr class="whole"><td colspan="6"><${ExchangeDetails} row=${row} /></td></tr>`}
    </tbody>
  `,
);

/**
 * Return the outcome; for a refusal, Slack's error.
 * @param {T.Exchange} row
 */
function answer(row) {
  if (row.refusal)
    return html`
      <b>${row.refusal}</b>
      ${!row.calls && row.seconds !== null && row.attempts > 1 && ", then taken"}
    `;
  if (row.seconds === null) return html`<span class="quiet">waiting…</span>`;
  return row.calls ? "ok" : "acknowledged";
}

/** @param {number} seconds */
const milliseconds = (seconds) =>
  seconds < 0.01 ? (seconds * 1000).toFixed(1) : Math.round(seconds * 1000);

/**
 * The details of an exchange, loaded when it opens and when it changes.
 * @param {{ row: T.Exchange }} props
 */
function ExchangeDetails({ row }) {
  const [found, setFound] = useState(/** @type {T.ExchangeParts | null} */ (null));
  useEffect(() => {
    let there = true;
    act("page.exchange", { number: row.number }).then(
      (it) => there && setFound(it),
      (error) => notice(error.message),
    );
    return () => (there = false);
  }, [row]);
  if (!found) return html`<p class="quiet">Loading…</p>`;
  const given = found.parts[0];
  const wrong = found.faults.flatMap(({ pointer }) =>
    pointer ? [pointed(given.json, pointer)] : [],
  );
  return html`
    ${
      found.faults.length > 0 &&
      html`
        <ul class="faults">
          ${found.faults.map(
            (each, index) => html`
              <li key=${index}>${where(given.json, each.pointer)}${each.words}</li>
            `,
          )}
        </ul>
      `
    }
    <div class="parts">
      ${found.parts.map(
        (each) => html`
          <${ExchangePart}
            key=${each.title}
            title=${each.title}
            value=${each.json}
            wrong=${each === given ? wrong : []}
          />
        `,
      )}
    </div>
  `;
}

/**
 * Return the block that a JSON pointer leads into, and the pointer.
 * @param {any} given Any JSON: what the app sent.
 * @param {string | null} pointer
 */
function where(given, pointer) {
  if (!pointer) return null;
  const [, before, index] = /^(.*?)\/blocks\/(\d+)/.exec(pointer) ?? [];
  const blocks = (before ?? "")
    .split("/")
    .filter(Boolean)
    .reduce((at, key) => at?.[key], given)?.blocks;
  const block = blocks?.[index];
  return html`
    ${block && html`<b>Block ${Number(index) + 1} (${block.type ?? "without a type"})</b> `}
    <code>${pointer}</code>${" "}
  `;
}

/** @param {{ title: string, value: unknown, wrong: string[] }} props */
function ExchangePart({ title, value, wrong }) {
  const copy = () =>
    navigator.clipboard.writeText(JSON.stringify(value, null, 2)).then(
      () => notice(`${title} copied.`),
      () => notice("The browser doesn't let this page copy. Select the text and copy it."),
    );
  return html`
    <section class="part" aria-label=${title}>
      <header>
        <h3>${title}</h3>
        <button type="button" onClick=${copy}>
          Copy<span class="sr-only"> the ${title.toLowerCase()}</span>
        </button>
      </header>
      <${Json} value=${value} wrong=${wrong} label=${title} />
    </section>
  `;
}

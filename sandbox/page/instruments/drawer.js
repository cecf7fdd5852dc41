// @ts-check
// The API log: every call and delivery in order, with the rule behind each refusal.
/** @import * as T from "../types.js" */
import { Exchange } from "./exchange.js";
import { go } from "../store.js";
import { clear, matching } from "./traffic.js";
import {
  html,
  pure,
  useCallback,
  useEffect,
  useElement,
  useLayoutEffect,
  useRef,
  useState,
} from "../ui.js";
import { giveFocus } from "../widgets/focus.js";

// How many rows are drawn at first, and added with each click.
const STEP = 100;
const NEAR = 40;
const KINDS = [
  ["all", "All"],
  ["refused", "Refused"],
  ["calls", "Calls"],
  ["events", "Events"],
];

/** The button that opens the drawer, with the number of refusals so far. */
export const DrawerButton = pure(
  (/** @type {{ open: boolean, refused: number }} */ { open, refused }) => html`
    <button
      type="button"
      class="spot"
      id="drawer-button"
      aria-expanded=${open ? "true" : "false"}
      aria-controls="drawer"
      onClick=${() => go({ drawer: open ? null : "1" }, { replace: true })}
    >
      <span class="sign" aria-hidden="true">⇅</span> <span class="spot-name">API log</span>
      ${
        refused > 0 &&
        html`<span class="badge">${refused}<span class="sr-only"> refused</span></span>`
      }
    </button>
  `,
);

export const Drawer = pure(
  (/** @type {{ rows: T.Exchange[], zone: string }} */ { rows, zone }) =>
    html`<${DrawerPanel} rows=${rows} zone=${zone} />`,
);

/** @param {{ rows: T.Exchange[], zone: string }} props */
function DrawerPanel({ rows, zone }) {
  const [kind, setKind] = useState("all");
  const [search, setSearch] = useState("");
  // The rows at the moment of the pause, while paused.
  const [paused, setPaused] = useState(/** @type {T.Exchange[] | null} */ (null));
  /** @type {T.Ref<HTMLInputElement>} */
  const searching = useElement();
  useEffect(() => {
    searching.current.focus();
    return () => giveFocus(document.getElementById("drawer-button"));
  }, []);
  const close = () => go({ drawer: null }, { replace: true });
  /** @param {KeyboardEvent} event */
  const key = (event) => event.key === "Escape" && !event.defaultPrevented && close();
  const forget = () => {
    setPaused(paused && []);
    clear();
  };
  const shown = matching(paused ?? rows, kind, search);
  return html`
    <section id="drawer" class="drawer" aria-label="API log" onKeyDown=${key} data-region>
      <header>
        <h2>API log</h2>
        <div class="kinds" role="group" aria-label="Show">
          ${KINDS.map(
            ([name, words]) => html`
              <button
                type="button"
                key=${name}
                aria-pressed=${kind === name ? "true" : "false"}
                onClick=${() => setKind(name)}
              >
                ${words}
              </button>
            `,
          )}
        </div>
        <input
          ref=${searching}
          type="search"
          aria-label="Search calls and events"
          placeholder="Search"
          value=${search}
          onInput=${(/** @type {T.FieldEvent} */ event) => setSearch(event.currentTarget.value)}
        />
        <p class="quiet" role="status">
          ${shown.length === 1 ? "1 row" : `${shown.length} rows`}
          ${paused && ", paused"}
        </p>
        <button
          type="button"
          aria-pressed=${paused ? "true" : "false"}
          onClick=${() => setPaused(paused ? null : rows)}
        >
          Pause
        </button>
        <button type="button" onClick=${forget}>Clear</button>
        <button type="button" class="icon" aria-label="Close the log" onClick=${close}>✕</button>
      </header>
      <${ExchangeTable} key=${kind} rows=${shown} zone=${zone} />
    </section>
  `;
}

/** @param {{ rows: T.Exchange[], zone: string }} props */
function ExchangeTable({ rows, zone }) {
  const [open, setOpen] = useState(/** @type {Set<number>} */ (new Set()));
  const [most, setMost] = useState(STEP);
  /** @type {T.Ref} */
  const box = useElement();
  const pinned = useRef(true);
  const toggle = useCallback((/** @type {number} */ number) => {
    pinned.current = false;
    setOpen(
      (now) =>
        new Set(now.has(number) ? [...now].filter((each) => each !== number) : [...now, number]),
    );
  }, []);
  const shown = rows.slice(-most);
  const last = shown.at(-1)?.number;
  useLayoutEffect(() => {
    if (pinned.current) box.current.scrollTop = box.current.scrollHeight;
  }, [last]);
  const scrolled = () => {
    const at = box.current;
    pinned.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR;
  };
  return html`
    <div
      class="exchanges"
      ref=${box}
      onScroll=${scrolled}
      tabindex="0"
      role="region"
      aria-label="Calls and events"
    >
      ${
        rows.length === 0 &&
        html`<p class="quiet centre">No calls or events yet. They appear here as they happen.</p>`
      }
      ${
        rows.length > most &&
        html`
          <button type="button" class="earlier" onClick=${() => setMost(most + STEP)}>
            Show ${Math.min(STEP, rows.length - most)} earlier
          </button>
        `
      }
      ${
        rows.length > 0 &&
        html`
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">What</th>
                <th scope="col">Details</th>
                <th scope="col">Answer</th>
                <th scope="col" class="number">ms</th>
                <th scope="col" class="number">Tries</th>
              </tr>
            </thead>
            ${shown.map(
              (row) => html`
                <${Exchange}
                  key=${row.number}
                  row=${row}
                  open=${open.has(row.number)}
                  toggle=${toggle}
                  zone=${zone}
                />
              `,
            )}
          </table>
        `
      }
    </div>
  `;
}

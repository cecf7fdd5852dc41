// @ts-check
// The table block, and the data table, which has a caption, sorting and pages.
/** @import * as T from "../types.js" */
import { html, useState } from "../ui.js";
import { richText } from "./rich_text.js";

/** @typedef {{ column: number | null, down: boolean }} Order */

/**
 * @param {T.Cell} given
 * @param {T.Names} names
 */
const cell = (given, names) =>
  given.type === "rich_text" ? richText(/** @type {T.RichText} */ (given), names) : given.text;

/** @param {{ align?: string, is_wrapped?: boolean }} [props] */
const style = ({ align, is_wrapped: wraps } = {}) =>
  `text-align: ${align ?? "left"}; white-space: ${wraps ? "normal" : "nowrap"}`;

/**
 * Draw a table; its first row is the header.
 * @param {T.TableBlock} parts
 * @param {T.Names} names
 */
export function table({ rows, column_settings: settings = [] }, names) {
  const [head, ...body] = rows;
  const styles = settings.map((each) => style(each ?? {}));
  return html`
    <div class="table" role="region" aria-label="Table" tabindex="0">
      <table>
        <thead>
          <tr>
            ${head.map(
              (each, index) => html`
                <th scope="col" style=${styles[index]}>${cell(each, names)}</th>
              `,
            )}
          </tr>
        </thead>
        <tbody>
          ${body.map(
            (row) => html`
              <tr>
                ${row.map(
                  (each, index) => html`<td style=${styles[index]}>${cell(each, names)}</td>`,
                )}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

/**
 * Return the value that a cell is sorted by: its number or its text.
 * @param {T.Cell} given
 */
function worth(given) {
  if (given.type === "raw_number") return given.value ?? 0;
  return given.text ?? JSON.stringify(given.elements);
}

/**
 * @param {string | number} a
 * @param {string | number} b
 */
const compare = (a, b) =>
  typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));

/**
 * @param {T.Cell[][]} rows
 * @param {Order} parts
 */
function sorted(rows, { column, down }) {
  if (column === null) return rows;
  return rows.toSorted((a, b) => compare(worth(a[column]), worth(b[column])) * (down ? -1 : 1));
}

/**
 * Draw a data table: `page_size` rows at a time, sorted by the column whose header is pressed.
 * @param {{ block: T.DataTableBlock, names: T.Names }} props
 */
export function DataTable({ block, names }) {
  const {
    caption,
    rows: [head, ...body],
    page_size: size = 5,
    row_header_column_index: header = 0,
  } = block;
  const [page, setPage] = useState(0);
  const [order, setOrder] = useState(/** @type {Order} */ ({ column: null, down: false }));
  const pages = Math.ceil(body.length / size);
  const at = Math.min(page, pages - 1);
  const shown = sorted(body, order).slice(at * size, (at + 1) * size);
  /** @param {number} column */
  const sort = (column) => {
    setOrder({ column, down: order.column === column && !order.down });
    setPage(0);
  };
  return html`
    <div class="table data" role="region" aria-label=${caption} tabindex="0">
      <table>
        <caption>${caption}</caption>
        <thead><tr>${head.map((each, index) => columnHead(each, index, order, sort))}</tr></thead>
        <tbody>
          ${shown.map(
            (row) => html`
              <tr>${row.map((each, index) => bodyCell(each, index === header, names))}</tr>
            `,
          )}
        </tbody>
      </table>
      ${pages > 1 && html`<${Pager} at=${at} pages=${pages} go=${setPage} />`}
    </div>
  `;
}

/**
 * @param {T.Cell} given
 * @param {number} index
 * @param {Order} order
 * @param {(column: number) => void} sort
 */
function columnHead(given, index, order, sort) {
  const mine = order.column === index;
  const direction = order.down ? "descending" : "ascending";
  return html`
    <th scope="col" class=${given.type} aria-sort=${mine ? direction : "none"}>
      <button type="button" class="plain" onClick=${() => sort(index)}>
        ${given.text} <span aria-hidden="true">${mine ? (order.down ? "↓" : "↑") : ""}</span>
      </button>
    </th>
  `;
}

/**
 * @param {T.Cell} given
 * @param {boolean} isHeader
 * @param {T.Names} names
 */
const bodyCell = (given, isHeader, names) =>
  isHeader
    ? html`<th scope="row" class=${given.type}>${cell(given, names)}</th>`
    : html`<td class=${given.type}>${cell(given, names)}</td>`;

/** @param {{ at: number, pages: number, go: (page: number) => void }} props */
function Pager({ at, pages, go }) {
  return html`
    <div class="pager" role="group" aria-label="Pages">
      <button type="button" disabled=${at === 0} onClick=${() => go(at - 1)}>Previous</button>
      <span role="status">Page ${at + 1} of ${pages}</span>
      <button type="button" disabled=${at === pages - 1} onClick=${() => go(at + 1)}>Next</button>
    </div>
  `;
}

// @ts-check
// Standard markdown, as the markdown block accepts it: headings, lists, quotes, code, tables,
// rules.
/** @import * as T from "../types.js" */
import { html } from "../ui.js";
import { inline } from "./markdown_inline.js";

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const DASHES = /^ {0,3}\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/**
 * Return the elements of a markdown text; HTML in it stays text.
 * @param {string} words
 * @param {T.Names} names
 * @returns {T.Drawn[]}
 */
export function markdown(words, names) {
  const lines = words.replaceAll("\r\n", "\n").split("\n");
  const found = [];
  for (let at = 0; at < lines.length; ) {
    const [drawn, next] = block(lines, at, names);
    if (drawn) found.push(drawn);
    at = next;
  }
  return found;
}

/**
 * Draw the block that begins at a line; return it and the index of the next line.
 * @param {string[]} lines
 * @param {number} at
 * @param {T.Names} names
 * @returns {[drawn: T.Drawn, next: number]}
 */
function block(lines, at, names) {
  const line = lines[at];
  if (!line.trim()) return [null, at + 1];
  if (FENCE.test(line)) return code(lines, at);
  const heading = HEADING.exec(line);
  if (heading) return [title(heading[1].length, inline(heading[2], names)), at + 1];
  if (RULE.test(line)) return [html`<hr />`, at + 1];
  if (QUOTE.test(line)) return quote(lines, at, names);
  if (ITEM.test(line)) return list(lines, at, names);
  if (line.includes("|") && DASHES.test(lines[at + 1] ?? "")) return table(lines, at, names);
  return paragraph(lines, at, names);
}

// Three heading levels are left below the page's own.
/**
 * @param {number} level
 * @param {T.Drawn} words
 */
const title = (level, words) => html`
  <${["h4", "h5", "h6"][Math.min(level, 3) - 1]} class=${`level-${Math.min(level, 4)}`}>${words}<//>
`;

/**
 * Return the index of the first line from `at` that ends a run.
 * @param {string[]} lines
 * @param {number} at
 * @param {(line: string) => boolean} goesOn
 */
function ends(lines, at, goesOn) {
  let end = at;
  while (end < lines.length && goesOn(lines[end])) end += 1;
  return end;
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @returns {[drawn: T.Drawn, next: number]}
 */
function code(lines, at) {
  const [, fence] = FENCE.exec(lines[at]) ?? [];
  const end = ends(lines, at + 1, (line) => !line.trim().startsWith(fence));
  return [html`<pre>${lines.slice(at + 1, end).join("\n")}</pre>`, end + 1];
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {T.Names} names
 * @returns {[drawn: T.Drawn, next: number]}
 */
function quote(lines, at, names) {
  const end = ends(lines, at, (line) => QUOTE.test(line));
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ""));
  return [html`<blockquote>${markdown(inner.join("\n"), names)}</blockquote>`, end];
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {T.Names} names
 * @returns {[drawn: T.Drawn, next: number]}
 */
function paragraph(lines, at, names) {
  /** @param {string} line */
  const starts = (line) =>
    !line.trim() || [FENCE, HEADING, RULE, QUOTE, ITEM].some((each) => each.test(line));
  const end = Math.max(
    at + 1,
    ends(lines, at, (line) => !starts(line)),
  );
  return [html`<p>${inline(lines.slice(at, end).join("\n"), names)}</p>`, end];
}

/**
 * Draw a list of items with one indentation; lines indented further belong to the item above.
 * @param {string[]} lines
 * @param {number} at
 * @param {T.Names} names
 * @returns {[drawn: T.Drawn, next: number]}
 */
function list(lines, at, names) {
  const [, indent, mark] = ITEM.exec(lines[at]) ?? [];
  const ordered = /\d/.test(mark);
  const items = [];
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]);
    if (!item || item[1].length !== indent.length || /\d/.test(item[2]) !== ordered) break;
    const next = ends(
      lines,
      end + 1,
      (line) => /^\s/.test(line) && line.trim() !== "" && line.search(/\S/) > indent.length,
    );
    items.push(entry(item[3], lines.slice(end + 1, next), names));
    end = next;
  }
  return [
    ordered ? html`<ol start=${Number.parseInt(mark, 10)}>${items}</ol>` : html`<ul>${items}</ul>`,
    end,
  ];
}

/**
 * @param {string} words
 * @param {string[]} below
 * @param {T.Names} names
 * @returns {T.Drawn}
 */
function entry(words, below, names) {
  const done = /^\[([ xX])\]\s+/.exec(words);
  const shift = Math.min(...below.map((line) => line.search(/\S/)));
  const box =
    done &&
    html`
      <input
        type="checkbox"
        disabled
        checked=${done[1] !== " "}
        aria-label=${done[1] === " " ? "open" : "done"}
      />${" "}
    `;
  return html`
    <li>
      ${box}
      ${inline(done ? words.slice(done[0].length) : words, names)}
      ${markdown(below.map((line) => line.slice(shift)).join("\n"), names)}
    </li>
  `;
}

/** @param {string} line */
const cells = (line) =>
  line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "")
    .split(/(?<!\\)\|/)
    .map((each) => each.trim().replaceAll("\\|", "|"));

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {T.Names} names
 * @returns {[drawn: T.Drawn, next: number]}
 */
function table(lines, at, names) {
  const head = cells(lines[at]);
  const styles = cells(lines[at + 1]).map(
    (each) =>
      `text-align: ${each.endsWith(":") ? (each.startsWith(":") ? "center" : "right") : "left"}`,
  );
  const end = ends(lines, at + 2, (line) => line.includes("|"));
  /** @param {string} line */
  const row = (line) => html`
    <tr>
      ${head.map(
        (_, index) => html`
          <td style=${styles[index]}>${inline(cells(line)[index] ?? "", names)}</td>
        `,
      )}
    </tr>
  `;
  const drawn = html`
    <div class="table" role="region" aria-label="Table" tabindex="0">
      <table>
        <thead>
          <tr>
            ${head.map(
              (each, index) => html`
                <th scope="col" style=${styles[index]}>${inline(each, names)}</th>
              `,
            )}
          </tr>
        </thead>
        <tbody>${lines.slice(at + 2, end).map(row)}</tbody>
      </table>
    </div>
  `;
  return [drawn, end];
}

// @ts-check
// JSON in lines, each with its JSON pointer, so that a faulty part can be highlighted.
/** @import * as T from "../types.js" */
import { html, useElement, useLayoutEffect } from "../ui.js";

/**
 * Return the lines of a value; `pointer` is that of the value that the line begins or ends.
 * @param {unknown} value
 * @param {string} [pointer]
 * @param {number} [depth]
 * @param {string} [key]
 * @param {string} [comma]
 * @returns {{ text: string, depth: number, pointer: string }[]}
 */
export function lines(value, pointer = "", depth = 0, key = "", comma = "") {
  /** @param {string} text */
  const line = (text) => ({ text, depth, pointer });
  if (value === null || typeof value !== "object")
    return [line(`${key}${JSON.stringify(value)}${comma}`)];
  const [begin, end] = Array.isArray(value) ? "[]" : "{}";
  const entries = Object.entries(value);
  if (!entries.length) return [line(`${key}${begin}${end}${comma}`)];
  const inside = entries.flatMap(([name, each], index) => {
    const label = Array.isArray(value) ? "" : `${JSON.stringify(name)}: `;
    return lines(
      each,
      `${pointer}/${escaped(name)}`,
      depth + 1,
      label,
      index < entries.length - 1 ? "," : "",
    );
  });
  return [line(`${key}${begin}`), ...inside, line(`${end}${comma}`)];
}

// RFC 6901: ~ and / are special in a pointer.
/** @param {string} name */
const escaped = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");

/**
 * Return the pointer, or that of the nearest value around it that exists: a missing value has no
 * line.
 * @param {any} value Any JSON.
 * @param {string} pointer
 */
export function pointed(value, pointer) {
  let [at, found] = [value, ""];
  for (const name of pointer.split("/").slice(1)) {
    const key = name.replaceAll("~1", "/").replaceAll("~0", "~");
    if (at === null || typeof at !== "object" || !(key in at)) break;
    at = at[key];
    found += `/${name}`;
  }
  return found;
}

/**
 * @param {string} pointer
 * @param {string} outer
 */
const isIn = (pointer, outer) => pointer === outer || pointer.startsWith(`${outer}/`);

/** @param {{ value: unknown, wrong: string[], label: string }} props */
export function Json({ value, wrong, label }) {
  /** @type {T.Ref} */
  const box = useElement();
  useLayoutEffect(() => {
    /** @type {HTMLElement | null} */
    const first = box.current.querySelector(".wrong");
    if (first) box.current.scrollTop = first.offsetTop - box.current.clientHeight / 3;
  }, [value]);
  return html`
    <pre class="json" ref=${box} tabindex="0" role="region" aria-label=${`${label}, as JSON`}>
      ${lines(value).map(
        (line, index) => html`
          <span key=${index} class=${wrong.some((each) => isIn(line.pointer, each)) ? "wrong" : ""}>
            ${"  ".repeat(line.depth)}
            ${line.text}
            ${"\n"}
          </span>
        `,
      )}
    </pre>
  `;
}

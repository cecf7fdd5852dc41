// JSON in lines, each with its JSON pointer, so that a faulty part can be highlighted.
import { html, useLayoutEffect, useRef } from "../ui.js";

/** Return the lines of a value; `pointer` is that of the value that the line begins or ends. */
export function lines(value, pointer = "", depth = 0, key = "", comma = "") {
  const one = (text) => ({ text, depth, pointer });
  if (value === null || typeof value !== "object")
    return [one(`${key}${JSON.stringify(value)}${comma}`)];
  const [begin, end] = Array.isArray(value) ? "[]" : "{}";
  const entries = Object.entries(value);
  if (!entries.length) return [one(`${key}${begin}${end}${comma}`)];
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
  return [one(`${key}${begin}`), ...inside, one(`${end}${comma}`)];
}

// RFC 6901: ~ and / are special in a pointer.
const escaped = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");

/**
 * Return the pointer, or that of the nearest value around it that exists: a missing value has no
 * line.
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

const isIn = (pointer, outer) => pointer === outer || pointer.startsWith(`${outer}/`);

export function Json({ value, wrong, label }) {
  const box = useRef(null);
  useLayoutEffect(() => {
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

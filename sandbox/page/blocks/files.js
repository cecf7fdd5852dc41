// @ts-check
// A file input: files are uploaded as soon as they are chosen.
/** @import * as T from "../types.js" */
import { bytes } from "../channel/files.js";
import { upload } from "../composer/uploads.js";
import { html, useState } from "../ui.js";

const MOST = 10;

/** @param {T.ElementProps} props */
export function FileInput({ given, at, field, value, use }) {
  const [status, setStatus] = useState("");
  /** @type {T.SlackFile[]} */
  const now = value ?? [];
  const most = given.max_files ?? MOST;
  /** @param {T.SlackFile[]} every */
  const set = (every) =>
    use(
      every.map((each) => each.id),
      every,
    );
  /** @param {T.FieldEvent} event */
  const chosen = async (event) => {
    const { currentTarget: input } = event;
    const picked = [...(input.files ?? [])];
    // Allow the same file to be chosen again after it was removed.
    input.value = "";
    const wrong = complaint(picked, now, given, most);
    if (wrong) return setStatus(wrong);
    setStatus("Uploading…");
    try {
      const kept = await Promise.all(picked.map((each) => upload(each, at.names.me)));
      setStatus("");
      return set([...now, ...kept]);
    } catch (error) {
      return setStatus(error.message);
    }
  };
  const accept = given.filetypes?.map((each) => `.${each}`).join(",");
  return html`
    <input
      type="file"
      ...${field}
      aria-required=${undefined}
      multiple=${most > 1}
      accept=${accept}
      disabled=${now.length >= most}
      onChange=${chosen}
    />
    <p class="quiet" role="status">${status}</p>
    ${
      now.length > 0 &&
      html`
        <ul class="kept">
          ${now.map(
            (each) => html`
              <li key=${each.id}>
                ${each.name} <small class="quiet">${bytes(each.size)}</small>
                <button
                  type="button"
                  class="icon"
                  aria-label=${`Remove ${each.name}`}
                  onClick=${() => set(now.filter((other) => other.id !== each.id))}
                >
                  ✕
                </button>
              </li>
            `,
          )}
        </ul>
      `
    }
  `;
}

/**
 * @param {File[]} picked
 * @param {T.SlackFile[]} now
 * @param {T.BlockElement} parts
 * @param {number} most
 */
function complaint(picked, now, { filetypes }, most) {
  if (picked.length + now.length > most)
    return `You can upload at most ${most === 1 ? "one file" : `${most} files`}.`;
  const other =
    filetypes &&
    picked.find((each) => !filetypes.includes((each.name.split(".").at(-1) ?? "").toLowerCase()));
  return other ? `${other.name} isn't one of these types: ${filetypes.join(", ")}.` : "";
}

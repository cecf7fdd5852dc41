// @ts-check
// Uploads: files are chosen, pasted or dropped, uploaded at once, and shared when the message is
// sent.
/** @import * as T from "../types.js" */
import { act } from "../acts.js";
import { bytes } from "../channel/files.js";
import { notice } from "../store.js";
import { html, useElement, useState } from "../ui.js";

const PAPERCLIP =
  "M13.5 7.2 8 12.7a3.2 3.2 0 0 1-4.6-4.5l5.8-5.8a2.1 2.1 0 0 1 3 3" +
  "L6.5 11a1 1 0 0 1-1.5-1.4l5.2-5.2";

let counted = 0;

/**
 * Upload a file and return Slack's file object.
 * @param {File} file
 * @param {string} user
 */
export async function upload(file, user) {
  return act("files.upload", { user, name: file.name, content: await base64(file) });
}

/** @param {File} file */
function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => reject(new Error(`${file.name} couldn't be read.`));
    reader.readAsDataURL(file);
  });
}

/**
 * Return the uploads of one composer, and the handlers that add and remove them.
 * @param {string} user
 * @returns {T.Uploads}
 */
export function useUploads(user) {
  const [every, setEvery] = useState(/** @type {T.Upload[]} */ ([]));
  /** @param {number} key */
  const remove = (key) => setEvery((now) => now.filter((each) => each.key !== key));
  /** @param {File} file */
  const begin = async (file) => {
    counted += 1;
    const key = counted;
    setEvery((now) => [...now, { key, name: file.name, size: file.size, id: null }]);
    try {
      const { id } = await upload(file, user);
      setEvery((now) => now.map((each) => (each.key === key ? { ...each, id } : each)));
    } catch (error) {
      remove(key);
      notice(error.message);
    }
  };
  /** @param {Iterable<File>} files */
  const add = (files) => [...files].forEach(begin);
  /**
   * @param {Event} event
   * @param {FileList | undefined} files
   */
  const taken = (event, files) => {
    if (!files?.length) return;
    event.preventDefault();
    add(files);
  };
  return {
    every,
    ids: every.flatMap((each) => each.id ?? []),
    ready: every.every((each) => each.id !== null),
    add,
    remove,
    sent: (ids) => setEvery((now) => now.filter((each) => !each.id || !ids.includes(each.id))),
    paste: (event) => taken(event, event.clipboardData?.files),
    // Accept a dragged file, so that the browser doesn't open it instead of the page.
    over: (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault(),
    drop: (event) => taken(event, event.dataTransfer?.files),
  };
}

/**
 * The button that opens the file chooser.
 * @param {{ uploads: T.Uploads }} props
 */
export function AttachButton({ uploads }) {
  /** @type {T.Ref<HTMLInputElement>} */
  const input = useElement();
  /** @param {T.FieldEvent} event */
  const chosen = (event) => {
    uploads.add(event.currentTarget.files ?? []);
    // Allow the same file to be chosen again.
    event.currentTarget.value = "";
  };
  return html`
    <button
      type="button"
      class="icon clip"
      aria-label="Attach files"
      title="Attach files"
      onClick=${() => input.current.click()}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path
          d=${PAPERCLIP}
          fill="none"
          stroke="currentColor"
          stroke-width="1.4"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
    </button>
    <input type="file" multiple hidden ref=${input} onChange=${chosen} />
  `;
}

/**
 * The files that will be sent with the message, each with a button to remove it.
 * @param {{ uploads: T.Uploads }} props
 */
export function UploadList({ uploads }) {
  if (!uploads.every.length) return null;
  return html`
    <ul class="uploads" aria-label="Files to send">
      ${uploads.every.map(
        (each) => html`
          <li key=${each.key} aria-busy=${!each.id}>
            <span class="file-name">
              <b>${each.name}</b>
              <span class="quiet">${each.id ? bytes(each.size) : "Uploading…"}</span>
            </span>
            <button
              type="button"
              class="icon"
              aria-label=${`Remove ${each.name}`}
              onClick=${() => uploads.remove(each.key)}
            >
              ✕
            </button>
          </li>
        `,
      )}
    </ul>
  `;
}

// @ts-check
// Attachments of messages: link previews, and those that apps add.
/** @import * as T from "../types.js" */
import { perform } from "../acts.js";
import { draw } from "../blocks/draw.js";
import { mrkdwn, unescapeText } from "../blocks/mrkdwn.js";
import { whole } from "../times.js";
import { html } from "../ui.js";

/** @type {Record<string, string>} */
const COLOURS = { good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" };

/**
 * Draw the attachments of a message; `at` is the surface of their blocks.
 * @param {{ message: T.Message, names: T.Names, at: T.Surface }} props
 */
export function Attachments({ message, names, at }) {
  return (message.raw.attachments ?? []).map(
    (each, index) => html`
      <section
        class="attachment"
        key=${each.id ?? index}
        style=${bar(each)}
        aria-label=${title(each)}
      >
        <div class="attached">
          ${each.pretext && html`<p class="pretext">${mrkdwn(each.pretext, names)}</p>`}
          ${each.blocks ? draw(each.blocks, at) : legacy(each, names)}
          ${
            Boolean(each.actions?.length) &&
            html`
              <p class="unknown">
                The sandbox can't draw <code>actions</code> of attachments; blocks have buttons.
              </p>
            `
          }
        </div>
        ${each.thumb_url && html`<img class="thumb" src=${web(each.thumb_url)} alt="" />`}
        ${
          each.is_app_unfurl &&
          message.raw.user === names.me &&
          html`<${RemovePreview} message=${message} id=${each.id} names=${names} />`
        }
      </section>
    `,
  );
}

/** @param {T.Attachment} given */
const title = (given) =>
  given.is_app_unfurl ? `Preview of ${given.app_unfurl_url}` : "Attachment";

/**
 * Return the style of the bar at the side, in the app's colour if it is a valid one.
 * @param {T.Attachment} props
 */
function bar({ color }) {
  const found = COLOURS[color ?? ""] ?? /^#?([0-9a-f]{6})$/i.exec(color ?? "")?.[1];
  return found ? { "--bar": found.startsWith("#") ? found : `#${found}` } : undefined;
}

/**
 * Return the address if it is of the web; nothing else is followed or loaded.
 * @param {string | undefined} url
 */
const web = (url) => (url && /^https?:/.test(url) ? url : undefined);

/**
 * @param {string | undefined} words
 * @param {string | undefined} url
 * @param {string} kind
 */
function linked(words, url, kind) {
  if (!words) return null;
  const inside = unescapeText(words);
  return html`
    <p class=${kind}>
      ${web(url) ? html`<a href=${url} rel="noreferrer" target="_blank">${inside}</a>` : inside}
    </p>
  `;
}

/**
 * Draw a legacy attachment, which has named fields instead of blocks.
 * @param {T.Attachment} given
 * @param {T.Names} names
 */
function legacy(given, names) {
  return html`
    ${linked(given.author_name, given.author_link, "author")}
    ${linked(given.title, given.title_link, "title")}
    ${given.text && html`<div class="text">${mrkdwn(given.text, names)}</div>`}
    ${
      given.fields !== undefined &&
      given.fields.length > 0 &&
      html`
        <dl class="fields">
          ${given.fields.map(
            (each) => html`
              <div class=${each.short ? "" : "long"}>
                <dt>${unescapeText(each.title ?? "")}</dt>
                <dd>${mrkdwn(each.value ?? "", names)}</dd>
              </div>
            `,
          )}
        </dl>
      `
    }
    ${
      given.image_url &&
      html`
        <img
          class="picture"
          src=${web(given.image_url)}
          alt=${given.title ?? given.fallback ?? ""}
        />
      `
    }
    ${
      (given.footer || given.ts) &&
      html`
        <p class="footer">
          ${given.footer && mrkdwn(given.footer, names)}
          ${given.footer && given.ts && " · "}
          ${given.ts && whole(given.ts, names.zone)}
        </p>
      `
    }
  `;
}

/** @param {{ message: T.Message, id: number | undefined, names: T.Names }} props */
function RemovePreview({ message, id, names }) {
  const now = () =>
    perform("talk.remove_preview", {
      user: names.me,
      channel: message.channel,
      ts: message.raw.ts,
      attachment: id,
    });
  return html`
    <button
      type="button"
      class="icon"
      aria-label="Remove preview"
      title="Remove preview"
      onClick=${now}
    >
      ✕
    </button>
  `;
}

// @ts-check
// One message as its reader sees it.
/** @import * as T from "../types.js" */
import { perform } from "../acts.js";
import { Attachments } from "./attachments.js";
import { Avatar } from "../widgets/avatar.js";
import { draw } from "../blocks/draw.js";
import { mrkdwn } from "../blocks/mrkdwn.js";
import { Editing } from "./editing.js";
import { SharedFiles } from "./files.js";
import { MessageMenu } from "./message_menu.js";
import { Reactions } from "./reactions.js";
import { go } from "../store.js";
import { inMessage } from "../surfaces/surface.js";
import { ago, clock, whole } from "../times.js";
import { html, pure, useRef, useState } from "../ui.js";

/**
 * @typedef {Object} MessageProps
 * @property {T.Message} message
 * @property {T.Names} names
 * @property {boolean} marked
 * @property {boolean} compact
 * @property {boolean} edited
 * @property {boolean} [inThread]
 */

/** Draw a message. `compact` leaves out the author, `edited` draws the form to edit it. */
export const Message = pure(
  (/** @type {MessageProps} */ given) => html`<${MessageArticle} ...${given} />`,
);

/** @param {MessageProps} given */
function MessageArticle(given) {
  const { message, names, marked, compact, edited, inThread } = given;
  const { raw, to } = message;
  const [near, setNear] = useState(false);
  // While a menu of the tools is open, they stay, wherever the pointer and the focus go.
  const held = useRef(false);
  /** @param {boolean} open */
  const hold = (open) => {
    held.current = open;
    if (!open) setNear((now) => now);
  };
  const come = () => setNear(true);
  /** @param {FocusEvent & PointerEvent & { currentTarget: Element }} event */
  const leave = (event) =>
    !held.current &&
    !event.currentTarget.contains(/** @type {Node | null} */ (event.relatedTarget)) &&
    setNear(false);
  const quiet = /_(join|leave)$/.test(raw.subtype ?? "");
  const kind = [
    "message",
    to && "alone",
    marked && "marked",
    compact && "compact",
    quiet && "system",
  ]
    .filter(Boolean)
    .join(" ");
  return html`
    <article
      class=${kind}
      data-ts=${raw.ts}
      tabindex="-1"
      aria-label=${`${names.user(raw.user)}, ${clock(raw.ts, names.zone)}`}
      onPointerEnter=${come}
      onPointerLeave=${leave}
      onFocusIn=${come}
      onFocusOut=${leave}
    >
      ${
        compact
          ? html`
            <time class="gutter" title=${whole(raw.ts, names.zone)}>
              ${clock(raw.ts, names.zone)}
            </time>
          `
          : html`<${Avatar} person=${names.person(raw.user)} small=${quiet} />`
      }
      <div class="body">
        ${to && html`<${OnlyYou} message=${message} names=${names} />`}
        ${
          !inThread &&
          raw.subtype === "thread_broadcast" &&
          html`<${BroadcastNote} message=${message} />`
        }
        ${
          !compact &&
          raw.subtype !== "tombstone" &&
          html`<${Author} raw=${raw} names=${names} quiet=${quiet} />`
        }
        ${
          edited
            ? html`<${Editing} message=${message} names=${names} inThread=${inThread} />`
            : html`<${Content} message=${message} names=${names} />`
        }
        <${Reactions} message=${message} names=${names} hold=${hold} />
        ${!inThread && Boolean(raw.reply_count) && html`<${Replies} raw=${raw} names=${names} />`}
      </div>
      ${
        near &&
        !edited &&
        html`<${MessageMenu} message=${message} names=${names} inThread=${inThread} hold=${hold} />`
      }
    </article>
  `;
}

/** @param {{ raw: T.RawMessage, names: T.Names, quiet: boolean }} props */
function Author({ raw, names, quiet }) {
  return html`
    <p class="who">
      <b>${raw.username ?? names.user(raw.user)}</b>
      ${raw.bot_id && html`<span class="app">APP</span>`}
      ${
        !quiet && html`<time title=${whole(raw.ts, names.zone)}>${clock(raw.ts, names.zone)}</time>`
      }
    </p>
  `;
}

/**
 * Draw the line that says that no one else sees the message, with a button to dismiss it.
 * @param {{ message: T.Message, names: T.Names }} props
 */
function OnlyYou({ message, names }) {
  const dismiss = () =>
    perform("page.dismiss", { user: names.me, channel: message.channel, ts: message.raw.ts });
  return html`
    <p class="only">
      <span aria-hidden="true">◉</span>${" "}
      Only visible to you${" "}
      <span aria-hidden="true">·</span>${" "}
      <button type="button" class="link" onClick=${dismiss}>Dismiss</button>
    </p>
  `;
}

/** @param {{ message: T.Message }} props */
function BroadcastNote({ message }) {
  const open = () => go({ thread: message.raw.thread_ts, at: null });
  return html`
    <p class="broadcast">
      replied to a thread:${" "}
      <button type="button" class="link" onClick=${open}>
        ${message.root ?? "see the thread"}
      </button>
    </p>
  `;
}

/**
 * Draw the blocks of a message, or its text if it has none.
 * @param {{ message: T.Message, names: T.Names }} props
 */
function Content({ message, names }) {
  const { raw } = message;
  const at = inMessage(message, names);
  if (raw.subtype === "tombstone") return html`<p class="quiet gone">This message was deleted.</p>`;
  return html`
    ${
      raw.blocks?.length
        ? draw(raw.blocks, at)
        : raw.text && html`<div class="text">${mrkdwn(textOf(raw), names)}</div>`
    }
    ${Boolean(raw.files?.length) && html`<${SharedFiles} files=${raw.files} names=${names} />`}
    ${
      raw.edited &&
      html`<small class="quiet" title=${whole(raw.edited.ts, names.zone)}>(edited)</small>`
    }
    ${
      Boolean(raw.attachments?.length) &&
      html`
        <${Attachments} message=${message} names=${names} at=${at} />
      `
    }
  `;
}

/**
 * Return the text to show; who joined or left is already named before it.
 * @param {T.RawMessage} props
 */
const textOf = ({ subtype, text }) =>
  /_(join|leave)$/.test(subtype ?? "") ? text.replace(/^<@\w+> has /, "") : text;

/** @param {{ raw: T.RawMessage, names: T.Names }} props */
function Replies({ raw, names }) {
  const words = raw.reply_count === 1 ? "1 reply" : `${raw.reply_count} replies`;
  return html`
    <button type="button" class="replies" onClick=${() => go({ thread: raw.ts })}>
      ${raw.reply_users
        ?.slice(0, 3)
        .map((id) => html`<${Avatar} key=${id} small person=${names.person(id)} />`)}
      <span>${words}</span>
      <span class="quiet">Last reply ${ago(raw.latest_reply ?? raw.ts, names.zone)}</span>
    </button>
  `;
}

// One message as its reader sees it.
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

/** Draw a message. `compact` leaves out the author, `edited` draws the form to edit it. */
export const Message = pure((given) => html`<${MessageArticle} ...${given} />`);

function MessageArticle(given) {
  const { one: found, names, marked, compact, edited, inThread } = given;
  const { raw, to } = found;
  const [near, setNear] = useState(false);
  // While a menu of the tools is open, they stay, wherever the pointer and the focus go.
  const held = useRef(false);
  const hold = (open) => {
    held.current = open;
    if (!open) setNear((now) => now);
  };
  const come = () => setNear(true);
  const leave = (event) =>
    !held.current && !event.currentTarget.contains(event.relatedTarget) && setNear(false);
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
        ${to && html`<${OnlyYou} found=${found} names=${names} />`}
        ${
          !inThread &&
          raw.subtype === "thread_broadcast" &&
          html`<${BroadcastNote} found=${found} />`
        }
        ${
          !compact &&
          raw.subtype !== "tombstone" &&
          html`<${Author} raw=${raw} names=${names} quiet=${quiet} />`
        }
        ${
          edited
            ? html`<${Editing} one=${found} names=${names} inThread=${inThread} />`
            : html`<${Content} one=${found} names=${names} />`
        }
        <${Reactions} one=${found} names=${names} hold=${hold} />
        ${!inThread && raw.reply_count > 0 && html`<${Replies} raw=${raw} names=${names} />`}
      </div>
      ${
        near &&
        !edited &&
        html`<${MessageMenu} one=${found} names=${names} inThread=${inThread} hold=${hold} />`
      }
    </article>
  `;
}

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

/** Draw the line that says that no one else sees the message, with a button to dismiss it. */
function OnlyYou({ found, names }) {
  const dismiss = () =>
    perform("page.dismiss", { user: names.me, channel: found.channel, ts: found.raw.ts });
  return html`
    <p class="only">
      <span aria-hidden="true">◉</span>${" "}
      Only visible to you${" "}
      <span aria-hidden="true">·</span>${" "}
      <button type="button" class="link" onClick=${dismiss}>Dismiss</button>
    </p>
  `;
}

function BroadcastNote({ found }) {
  const open = () => go({ thread: found.raw.thread_ts, at: null });
  return html`
    <p class="broadcast">
      replied to a thread:${" "}
      <button type="button" class="link" onClick=${open}>
        ${found.root ?? "see the thread"}
      </button>
    </p>
  `;
}

/** Draw the blocks of a message, or its text if it has none. */
function Content({ one, names }) {
  const { raw } = one;
  const at = inMessage(one, names);
  if (raw.subtype === "tombstone") return html`<p class="quiet gone">This message was deleted.</p>`;
  return html`
    ${
      raw.blocks?.length
        ? draw(raw.blocks, at)
        : raw.text && html`<div class="text">${mrkdwn(textOf(raw), names)}</div>`
    }
    ${raw.files?.length > 0 && html`<${SharedFiles} files=${raw.files} names=${names} />`}
    ${
      raw.edited &&
      html`<small class="quiet" title=${whole(raw.edited.ts, names.zone)}>(edited)</small>`
    }
    ${raw.attachments?.length > 0 && html`<${Attachments} one=${one} names=${names} at=${at} />`}
  `;
}

/** Return the text to show; who joined or left is already named before it. */
const textOf = ({ subtype, text }) =>
  /_(join|leave)$/.test(subtype ?? "") ? text.replace(/^<@\w+> has /, "") : text;

function Replies({ raw, names }) {
  const words = raw.reply_count === 1 ? "1 reply" : `${raw.reply_count} replies`;
  return html`
    <button type="button" class="replies" onClick=${() => go({ thread: raw.ts })}>
      ${raw.reply_users
        .slice(0, 3)
        .map((id) => html`<${Avatar} key=${id} small person=${names.person(id)} />`)}
      <span>${words}</span>
      <span class="quiet">Last reply ${ago(raw.latest_reply, names.zone)}</span>
    </button>
  `;
}

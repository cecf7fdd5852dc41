// One message, as its reader sees it.
import { perform } from "./acts.js";
import { attachments } from "./attachments.js";
import { avatar } from "./avatar.js";
import { draw } from "./blocks/draw.js";
import { mrkdwn } from "./blocks/mrkdwn.js";
import { sharedFiles } from "./files.js";
import { messageMenu } from "./message_menu.js";
import { go } from "./store.js";
import { clock, whole } from "./times.js";
import { html, pure } from "./ui.js";

export const message = pure(({ one, names, marked, inThread }) => {
  const { raw, to } = one;
  const author = names.person(raw.user);
  const kind = ["message", to && "alone", marked && "marked"].filter(Boolean).join(" ");
  return html`
    <article class=${kind} data-ts=${raw.ts} tabindex="-1" aria-label=${`${names.user(raw.user)}, ${clock(raw.ts, names.zone)}`}>
      <${avatar} person=${author} />
      <div class="body">
        ${to && html`<p class="only">Only visible to you</p>`}
        <p class="who">
          <b>${raw.username ?? names.user(raw.user)}</b>
          ${raw.bot_id && html`<span class="app">APP</span>`}
          <time title=${whole(raw.ts, names.zone)}>${clock(raw.ts, names.zone)}</time>
        </p>
        <${content} one=${one} names=${names} />
        <${reactions} one=${one} names=${names} />
        ${!inThread && raw.reply_count > 0 && html`<${replies} raw=${raw} names=${names} />`}
      </div>
      <${messageMenu} one=${one} names=${names} />
    </article>
  `;
});

/** What a message says: its blocks, or its text where it has none. */
function content({ one, names }) {
  const { raw } = one;
  const at = where(one, names);
  return html`
    ${raw.blocks?.length ? draw(raw.blocks, at) : raw.text && html`<div class="text">${mrkdwn(raw.text, names)}</div>`}
    ${raw.files?.length > 0 && html`<${sharedFiles} files=${raw.files} names=${names} />`}
    ${raw.edited && html`<small class="quiet">(edited)</small>`}
    ${raw.attachments?.length > 0 && html`<${attachments} one=${one} names=${names} at=${at} />`}
  `;
}

/** Where the blocks of a message stand, and what using them does. */
export const where = (one, names) => ({
  names,
  surface: "message",
  key: one.raw.ts,
  values: one.values ?? {},
  errors: {},
  use: (block, element, choice) => {
    const args = { user: names.me, what: `${block.block_id}/${element.action_id}`, channel: one.channel, ts: one.raw.ts };
    return element.type === "button" ? perform("clicks.press", args) : perform("clicks.select", { ...args, choice });
  },
});

function reactions({ one, names }) {
  const { raw, channel } = one;
  if (!raw.reactions) return null;
  const toggle = (each) => perform("talk.react", { user: names.me, channel, ts: raw.ts, name: each.name, take: each.users.includes(names.me) });
  return html`
    <p class="reactions">
      ${raw.reactions.map((each) => html`
        <button type="button" key=${each.name} class="reaction" aria-pressed=${each.users.includes(names.me)} title=${each.users.map(names.user).join(", ")} onClick=${() => toggle(each)}>
          :${each.name}: ${each.count}
        </button>`)}
    </p>
  `;
}

function replies({ raw, names }) {
  const words = raw.reply_count === 1 ? "1 reply" : `${raw.reply_count} replies`;
  return html`
    <button type="button" class="replies" onClick=${() => go({ thread: raw.ts })}>
      ${raw.reply_users.slice(0, 3).map((id) => html`<${avatar} key=${id} small person=${names.person(id)} />`)}
      <span>${words}</span>
    </button>
  `;
}

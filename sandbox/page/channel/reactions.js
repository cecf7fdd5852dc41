// The reactions to a message, and who gave them.
import { perform } from "../acts.js";
import { emoji } from "../blocks/emoji.js";
import { EmojiButton } from "./reaction_picker.js";
import { html } from "../ui.js";

export function Reactions({ one, names, hold }) {
  const { raw, channel } = one;
  if (!raw.reactions?.length) return null;
  const at = { user: names.me, channel, ts: raw.ts };
  const mine = (each) => each.users.includes(names.me);
  const toggle = (each) => perform("talk.react", { ...at, name: each.name, take: mine(each) });
  return html`
    <div class="reactions" role="group" aria-label="Reactions">
      ${raw.reactions.map(
        (each) => html`
          <button
            type="button"
            key=${each.name}
            class="reaction"
            aria-pressed=${mine(each)}
            title=${given(each, names)}
            aria-label=${`${each.count} ${given(each, names)}`}
            onClick=${() => toggle(each)}
          >
            ${emoji(...each.name.split("::skin-tone-"))} <span class="count">${each.count}</span>
          </button>
        `,
      )}
      <${EmojiButton}
        label="Add another reaction"
        kind="reaction add"
        take=${(name) => perform("talk.react", { ...at, name })}
        onOpen=${hold}
      />
    </div>
  `;
}

/** Return who reacted: "ana, ben and you reacted with :scroll:". */
function given({ users, name }, names) {
  const others = users.filter((id) => id !== names.me).map(names.user);
  const every = users.includes(names.me) ? [...others, others.length ? "you" : "You"] : others;
  const who = every.length > 1 ? `${every.slice(0, -1).join(", ")} and ${every.at(-1)}` : every[0];
  return `${who} reacted with :${name}:`;
}

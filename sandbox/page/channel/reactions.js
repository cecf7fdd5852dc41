// @ts-check
// The reactions to a message, and who gave them.
/** @import * as T from "../types.js" */
import { perform } from "../acts.js";
import { emoji } from "../blocks/emoji.js";
import { EmojiButton } from "./reaction_picker.js";
import { html } from "../ui.js";

/** @param {{ message: T.Message, names: T.Names, hold: (open: boolean) => void }} props */
export function Reactions({ message, names, hold }) {
  const { raw, channel } = message;
  if (!raw.reactions?.length) return null;
  const at = { user: names.me, channel, ts: raw.ts };
  /** @param {T.Reaction} each */
  const mine = (each) => each.users.includes(names.me);
  /** @param {T.Reaction} each */
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
            ${named(each.name)} <span class="count">${each.count}</span>
          </button>
        `,
      )}
      <${EmojiButton}
        label="Add another reaction"
        kind="reaction add"
        take=${(/** @type {string} */ name) => perform("talk.react", { ...at, name })}
        onOpen=${hold}
      />
    </div>
  `;
}

/**
 * Draw an emoji by its name, which may end with a skin tone.
 * @param {string} reaction
 */
function named(reaction) {
  const [name, tone] = reaction.split("::skin-tone-");
  return emoji(name, tone);
}

/**
 * Return who reacted: "ana, ben and you reacted with :scroll:".
 * @param {T.Reaction} parts
 * @param {T.Names} names
 */
function given({ users, name }, names) {
  const others = users.filter((id) => id !== names.me).map(names.user);
  const every = users.includes(names.me) ? [...others, others.length ? "you" : "You"] : others;
  const who = every.length > 1 ? `${every.slice(0, -1).join(", ")} and ${every.at(-1)}` : every[0];
  return `${who} reacted with :${name}:`;
}

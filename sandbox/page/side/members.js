// @ts-check
// The dialog with a channel's members.
/** @import * as T from "../types.js" */
import { perform } from "../acts.js";
import { Avatar } from "../widgets/avatar.js";
import { Dialog } from "../widgets/dialogs.js";
import { isPerson } from "../names.js";
import { about } from "./people.js";
import { Sign } from "../widgets/sign.js";
import { html, useState } from "../ui.js";

/** @param {T.DialogProps & { channel: string }} props */
export function Members({ state, names, channel: id, close }) {
  const [word, setWord] = useState("");
  const channel = state.channels.find((each) => each.id === id);
  if (!channel) return null;
  const inside = new Set(channel.members);
  const known = state.people.filter(
    (each) => isPerson(each) || each.id === names.app.bot || (each.is_bot && inside.has(each.id)),
  );
  const wanted = word.toLowerCase();
  const found = known.filter((each) =>
    [each.name, each.real_name ?? ""].some((name) => name.toLowerCase().includes(wanted)),
  );
  found.sort((a, b) => rank(a, names) - rank(b, names) || a.name.localeCompare(b.name));
  const title = html`<${Sign} channel=${channel} /> ${channel.name}`;
  /**
   * @param {T.Person[]} every
   * @param {string} words
   * @param {boolean} inThere
   */
  const part = (every, words, inThere) =>
    every.length > 0 &&
    html`
      <h3>${words}</h3>
      <ul class="people" aria-label=${words}>
        ${every.map(
          (each) => html`
            <${MemberRow}
              key=${each.id}
              person=${each}
              channel=${channel}
              names=${names}
              inside=${inThere}
            />
          `,
        )}
      </ul>
    `;
  return html`
    <${Dialog} title=${title} close=${close} kind="tall">
      <div class="search">
        <input
          type="search"
          aria-label="Search people"
          placeholder="Search people"
          value=${word}
          onInput=${(/** @type {T.FieldEvent} */ event) => setWord(event.currentTarget.value)}
          autofocus
        />
      </div>
      <div class="content">
        ${part(
          found.filter((each) => inside.has(each.id)),
          `In this channel (${channel.members.length})`,
          true,
        )}
        ${part(
          found.filter((each) => !inside.has(each.id)),
          "Not in this channel",
          false,
        )}
        ${found.length === 0 && html`<p class="quiet centre">No one is called “${word}”.</p>`}
      </div>
    </${Dialog}>
  `;
}

/**
 * The app comes first, because people mostly open this dialog to invite it.
 * @param {T.Person} person
 * @param {T.Names} names
 */
const rank = (person, names) => (person.id === names.app.bot ? 0 : person.is_bot ? 2 : 1);

/** @param {{ person: T.Person, channel: T.Channel, names: T.Names, inside: boolean }} props */
function MemberRow({ person, channel, names, inside }) {
  const at = { channel: channel.id, user: person.id };
  const name = person.id === names.app.bot ? names.app.name : person.name;
  const invite = () => perform("places.invite", { ...at, by: names.me });
  const remove = () => perform("places.leave", at);
  return html`
    <li>
      <${Avatar} small person=${person} />
      <span class="what">
        <b>${name}</b>
        ${person.is_bot && html` <span class="app">APP</span>`}${" "}
        <span class="quiet">${about(person, names)}</span>
      </span>
      ${
        inside
          ? html`
            <button type="button" aria-label=${`Remove ${name}`} onClick=${remove}>
              ${person.id === names.me ? "Leave" : "Remove"}
            </button>
          `
          : html`
            <button
              type="button"
              class="primary"
              aria-label=${`Invite ${name}`}
              disabled=${channel.is_archived}
              onClick=${invite}
            >
              Invite
            </button>
          `
      }
    </li>
  `;
}

// @ts-check
// The side bar: the current person, the channels and the app.
/** @import * as T from "../types.js" */
import { Avatar } from "../widgets/avatar.js";
import { openDirect, openHome } from "../channel/channel_head.js";
import { BrowseChannels, CreateChannel } from "./channels.js";
import { open } from "../widgets/dialogs.js";
import { Help } from "./help.js";
import { Instruments } from "../instruments/instruments.js";
import { AddPerson, about, SwitchPerson } from "./people.js";
import { Sign } from "../widgets/sign.js";
import { change, go } from "../store.js";
import { html, pure } from "../ui.js";

/**
 * Return the channels of the side bar in order: the person's own, and the open one.
 * @param {Pick<T.State, "channels" | "place">} props
 */
export function listed({ channels, place }) {
  const mine = channels.filter(
    (each) => !each.is_im && !each.is_archived && each.members.includes(place.user ?? ""),
  );
  const here = channels.find(
    (each) => each.id === place.channel && !each.is_im && !mine.includes(each),
  );
  return [...mine, ...(here ? [here] : [])].sort((a, b) => a.name.localeCompare(b.name));
}

/** @param {{ state: T.State, names: T.Names }} props */
export function Sidebar({ state, names }) {
  const { place, channels, people, app, side } = state;
  const direct = channels.find((each) => each.is_im && each.user === place.user);
  const inApp = place.tab === "home" || (direct && direct.id === place.channel);
  const guest = names.person(place.user ?? "")?.is_restricted;
  /** @param {KeyboardEvent} event */
  const folded = (event) => event.key === "Escape" && side && change({ side: false });
  return html`
    <nav
      class=${side ? "sidebar open" : "sidebar"}
      aria-label="Workspace"
      data-region
      onKeyDown=${folded}
    >
      <div class="workspace">
        <h1>${app.domain}</h1>
        <button
          type="button"
          class="icon"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick=${() => open(Help)}
        >
          ?
        </button>
        <button
          type="button"
          class="icon fold"
          aria-label="Close the side bar"
          onClick=${() => change({ side: false })}
        >
          ✕
        </button>
      </div>
      <${CurrentPerson} person=${people.find((each) => each.id === place.user)} names=${names} />
      <${Section}
        words="Channels"
        label="Add channels"
        items=${[
          ["Browse channels", () => open(BrowseChannels)],
          !guest && ["Create a channel", () => open(CreateChannel)],
        ]}
      >
        ${listed(state).map(
          (each) => html`
            <${ChannelLink}
              key=${each.id}
              channel=${each}
              here=${place.tab !== "home" && each.id === place.channel}
            />
          `,
        )}
      </${Section}>
      <${Section} words="Apps" items=${[]}>
        <li>
          <button
            type="button"
            class=${direct?.unread ? "spot unread" : "spot"}
            aria-current=${inApp && "page"}
            onClick=${app.home_tab && !direct?.unread ? openHome : openDirect}
          >
            <${Avatar} small person=${names.person(app.bot)} />${" "}
            <span class="spot-name">${app.name}</span>
            <${UnreadMark} channel=${direct} />
          </button>
        </li>
      </${Section}>
      <${Instruments} state=${state} />
    </nav>
    ${side && html`<div class="veil" onClick=${() => change({ side: false })}></div>`}
  `;
}

/**
 * @param {Object} props
 * @param {string} props.words
 * @param {(false | [string, () => void])[]} props.items
 * @param {T.Drawn} props.children
 */
function Section({ words, items, children }) {
  return html`
    <h2>${words}</h2>
    <ul>
      ${children}
      ${items
        .filter((item) => item !== false)
        .map(
          ([label, act]) => html`
            <li key=${label}>
              <button type="button" class="spot quiet-spot" onClick=${act}>
                <span class="sign" aria-hidden="true">+</span>${" "}
                <span class="spot-name">${label}</span>
              </button>
            </li>
          `,
        )}
    </ul>
  `;
}

const CurrentPerson = pure(
  (/** @type {{ person?: T.Person, names: T.Names }} */ { person, names }) => html`
    <div class="me">
      <button
        type="button"
        class="who-am-i"
        aria-label=${`You are ${person?.name ?? "no one"}. Switch person`}
        aria-haspopup="dialog"
        title="Switch person"
        onClick=${() => open(SwitchPerson)}
      >
        <${Avatar} person=${person} />
        <span class="what">
          <b>${person?.name ?? "No one yet"}</b>
          <small>${person && about(person, names)}</small>
        </span>
        <span aria-hidden="true">⌄</span>
      </button>
      <button
        type="button"
        class="icon"
        aria-label="Add a person"
        title="Add a person"
        onClick=${() => open(AddPerson)}
      >
        +
      </button>
    </div>
  `,
);

const ChannelLink = pure(
  (/** @type {{ channel: T.Channel, here: boolean }} */ { channel, here }) => {
    const open = () => {
      change({ side: false });
      go({ channel: channel.id, tab: null, thread: null, at: null });
    };
    return html`
      <li>
        <button
          type="button"
          class=${channel.unread ? "spot unread" : "spot"}
          aria-current=${here && "page"}
          onClick=${open}
        >
          <span class="sign" aria-hidden="true"><${Sign} channel=${channel} /></span>${" "}
          <span class="spot-name">${channel.name}</span>
          <${UnreadMark} channel=${channel} />
        </button>
      </li>
    `;
  },
);

/**
 * The unread mark: the number of mentions, or a text for screen readers beside the bold name.
 * @param {{ channel?: T.Channel }} props
 */
function UnreadMark({ channel }) {
  if (!channel?.unread) return null;
  return channel.mentions > 0
    ? html`<span class="badge">${channel.mentions}<span class="sr-only"> mentions</span></span>`
    : html`<span class="sr-only">, ${channel.unread} unread</span>`;
}

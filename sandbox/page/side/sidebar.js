// The bar at the side: who one is, and where one can go.
import { avatar } from "../widgets/avatar.js";
import { openDirect, openHome } from "../channel/channel_head.js";
import { browse, create } from "./channels.js";
import { open } from "../widgets/dialogs.js";
import { help } from "./help.js";
import { instruments } from "../instruments/instruments.js";
import { addPerson, about, switcher } from "./people.js";
import { sign } from "../widgets/sign.js";
import { change, go } from "../store.js";
import { html, pure } from "../ui.js";

/** The channels that stand in the bar, in order: one's own, and the one that one looks at. */
export function listed({ channels, place }) {
  const mine = channels.filter((each) => !each.is_im && !each.is_archived && each.members.includes(place.user));
  const here = channels.find((each) => each.id === place.channel && !each.is_im && !mine.includes(each));
  return [...mine, ...(here ? [here] : [])].sort((a, b) => a.name.localeCompare(b.name));
}

export function sidebar({ state, names }) {
  const { place, channels, people, app, side } = state;
  const direct = channels.find((each) => each.is_im && each.user === place.user);
  const inApp = place.tab === "home" || (direct && direct.id === place.channel);
  const guest = names.person(place.user)?.is_restricted;
  const folded = (event) => event.key === "Escape" && side && change({ side: false });
  return html`
    <nav class=${side ? "sidebar open" : "sidebar"} aria-label="Workspace" data-region onKeyDown=${folded}>
      <div class="workspace">
        <h1>${app.domain}</h1>
        <button type="button" class="icon" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick=${() => open(help)}>?</button>
        <button type="button" class="icon fold" aria-label="Close the side bar" onClick=${() => change({ side: false })}>✕</button>
      </div>
      <${me} person=${people.find((each) => each.id === place.user)} names=${names} />
      <${section} words="Channels" label="Add channels" items=${[["Browse channels", () => open(browse)], !guest && ["Create a channel", () => open(create)]]}>
        ${listed(state).map((each) => html`<${link} key=${each.id} channel=${each} here=${place.tab !== "home" && each.id === place.channel} />`)}
      </${section}>
      <${section} words="Apps" items=${[]}>
        <li>
          <button type="button" class=${direct?.unread ? "spot unread" : "spot"} aria-current=${inApp && "page"} onClick=${app.home_tab && !direct?.unread ? openHome : openDirect}>
            <${avatar} small person=${names.person(app.bot)} /> <span class="spot-name">${app.name}</span>
            <${mark} channel=${direct} />
          </button>
        </li>
      </${section}>
      <${instruments} state=${state} />
    </nav>
    ${side && html`<div class="veil" onClick=${() => change({ side: false })}></div>`}
  `;
}

function section({ words, items, children }) {
  return html`
    <h2>${words}</h2>
    <ul>
      ${children}
      ${items.filter(Boolean).map(([label, act]) => html`<li key=${label}><button type="button" class="spot quiet-spot" onClick=${act}><span class="sign" aria-hidden="true">+</span> <span class="spot-name">${label}</span></button></li>`)}
    </ul>
  `;
}

const me = pure(({ person, names }) => html`
  <div class="me">
    <button type="button" class="who-am-i" aria-label=${`You are ${person?.name ?? "nobody"}. Switch person`} aria-haspopup="dialog" title="Switch person" onClick=${() => open(switcher)}>
      <${avatar} person=${person} />
      <span class="what"><b>${person?.name ?? "Nobody yet"}</b><small>${person && about(person, names)}</small></span>
      <span aria-hidden="true">⌄</span>
    </button>
    <button type="button" class="icon" aria-label="Add a person" title="Add a person" onClick=${() => open(addPerson)}>+</button>
  </div>
`);

const link = pure(({ channel, here }) => {
  const open = () => {
    change({ side: false });
    go({ channel: channel.id, tab: null, thread: null, at: null });
  };
  return html`
    <li>
      <button type="button" class=${channel.unread ? "spot unread" : "spot"} aria-current=${here && "page"} onClick=${open}>
        <span class="sign" aria-hidden="true"><${sign} channel=${channel} /></span> <span class="spot-name">${channel.name}</span>
        <${mark} channel=${channel} />
      </button>
    </li>
  `;
});

/** How much is unread: mentions by number, the rest by a word for those who do not see that the name is bold. */
function mark({ channel }) {
  if (!channel?.unread) return null;
  return channel.mentions > 0
    ? html`<span class="badge">${channel.mentions}<span class="sr-only"> mentions</span></span>`
    : html`<span class="sr-only">, ${channel.unread} unread</span>`;
}

// The bar at the side: who one is, and where one can go.
import { act, perform } from "./acts.js";
import { avatar } from "./avatar.js";
import { instruments } from "./instruments.js";
import { isPerson } from "./names.js";
import { go } from "./store.js";
import { html, pure } from "./ui.js";

export function sidebar({ state }) {
  const { place, people, channels, app } = state;
  const home = place.tab === "home";
  const at = (channel) => !home && channel.id === place.channel;
  const mine = channels.filter((each) => each.is_im && each.user === place.user);
  return html`
    <nav class="sidebar" aria-label="Workspace">
      <h1>Sandbox</h1>
      <${persons} people=${people} me=${place.user} />
      <h2>Channels</h2>
      <ul>
        ${channels.filter((each) => !each.is_im).map((each) => html`<${link} key=${each.id} channel=${each} app=${app} here=${at(each)} />`)}
      </ul>
      <h2>Apps</h2>
      <ul>
        ${app.home_tab && html`<li><button type="button" class="spot" aria-current=${home && "page"} onClick=${openHome}>${app.name} · Home</button></li>`}
        ${mine.map((each) => html`<${link} key=${each.id} channel=${each} app=${app} here=${at(each)} />`)}
      </ul>
      <${instruments} state=${state} />
    </nav>
  `;
}

async function openHome() {
  go({ tab: "home", thread: null, at: null });
  await perform("clicks.home", { user: new URLSearchParams(location.search).get("as") });
}

const persons = pure(({ people, me }) => {
  const chosen = people.find((each) => each.id === me);
  const change = (event) => go({ user: event.currentTarget.value, thread: null, at: null });
  return html`
    <label class="me">
      ${chosen && html`<${avatar} person=${chosen} />`}
      <span class="sr-only">You are</span>
      <select value=${me} onChange=${change}>
        ${people.filter(isPerson).map((each) => html`<option key=${each.id} value=${each.id}>${each.name}</option>`)}
      </select>
    </label>
  `;
});

const link = pure(({ channel, app, here }) => {
  const label = channel.is_im ? `${app.name} · Messages` : channel.name;
  const sign = channel.is_im ? "" : channel.is_private ? "🔒" : "#";
  const open = () => go({ channel: channel.id, tab: null, thread: null, at: null });
  return html`
    <li>
      <button type="button" class=${channel.unread ? "spot unread" : "spot"} aria-current=${here && "page"} onClick=${open}>
        <span class="sign" aria-hidden="true">${sign}</span> <span class="label">${label}</span>
        ${channel.unread > 0 && html`<span class="badge"><span class="sr-only">unread: </span>${channel.unread}</span>`}
      </button>
    </li>
  `;
});

export const read = (user, channel, ts) => act("page.read", { user, channel, ts });

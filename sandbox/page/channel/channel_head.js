// The head of a channel or of the app: what it is, and what one can do with it.
import { perform } from "../acts.js";
import { ask, open } from "../widgets/dialogs.js";
import { members } from "../side/members.js";
import { menuButton } from "../widgets/menu.js";
import { sign } from "../widgets/sign.js";
import { change, current, go } from "../store.js";
import { html } from "../ui.js";

/** Opens the side bar where there is no room for it. */
export const sideButton = () => html`
  <button type="button" class="icon side-button" aria-label="Open the side bar" onClick=${() => change({ side: true })}>
    <svg viewBox="0 0 20 20" width="20" height="20" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" aria-hidden="true"><path d="M3.5 6h13M3.5 10h13M3.5 14h13" /></svg>
  </button>`;

export function channelHead({ channel, names }) {
  if (channel.is_im) return html`<${appHead} app=${names.app} here="messages" />`;
  const many = channel.members.length;
  const show = () => open(members, { channel: channel.id });
  return html`
    <header class="top">
      <${sideButton} />
      <h2><${sign} channel=${channel} /> ${channel.name}</h2>
      ${channel.is_archived && html`<span class="label-quiet">archived</span>`}
      <span class="spring"></span>
      <button type="button" class="quiet-button" onClick=${show}>${many === 1 ? "1 member" : `${many} members`}</button>
      <${menuButton} label="Channel actions" face="⋯" items=${actions(channel, names, show)} />
    </header>
  `;
}

function actions(channel, names, show) {
  const at = { channel: channel.id, user: names.me };
  const inside = channel.members.includes(names.me);
  const archive = async () => {
    const words = `Nobody can write in #${channel.name} while it is archived. It can be brought back.`;
    if (await ask({ title: `Archive #${channel.name}`, words, yes: "Archive", grave: true })) await perform("places.archive", { channel: channel.id });
  };
  const convert = async () => {
    const words = `Only members see #${channel.name} from then on. It can't be made public again here.`;
    if (await ask({ title: `Make #${channel.name} private`, words, yes: "Make it private", grave: true })) await perform("places.convert_to_private", { channel: channel.id });
  };
  return [
    { words: "Members…", note: "See, invite and remove people and the app", act: show },
    null,
    inside ? { words: "Leave channel", act: () => perform("places.leave", at) } : { words: "Join channel", act: () => perform("places.invite", at) },
    channel.is_archived
      ? { words: "Bring back from the archive", act: () => perform("places.archive", { channel: channel.id, archived: false }) }
      : { words: "Archive channel…", grave: true, act: archive },
    !channel.is_private && { words: "Make private…", grave: true, act: convert },
  ].filter((item) => item !== false);
}

/** The app's name over its Home and its direct messages. */
export function appHead({ app, here }) {
  const tab = (name, words, leave) => html`<button type="button" class="tab" aria-current=${here === name && "page"} onClick=${leave}>${words}</button>`;
  return html`
    <header class="top with-tabs">
      <${sideButton} />
      <h2>${app.name}</h2> <span class="app">APP</span>
      <nav class="tabs" aria-label=${app.name}>
        ${app.home_tab && tab("home", "Home", openHome)}
        ${tab("messages", "Messages", openDirect)}
      </nav>
    </header>
  `;
}

const me = () => new URLSearchParams(location.search).get("as");

/** Show the app's Home tab. */
export function openHome() {
  go({ tab: "home", thread: null, at: null });
  change({ side: false });
}

/** Show the direct messages with the app, which begin when they are first opened. */
export async function openDirect() {
  const { place } = current();
  const channel = await perform("page.direct", { user: me() });
  // Meanwhile the person may have gone elsewhere.
  if (channel && current().place === place) go({ channel, tab: null, thread: null, at: null });
  change({ side: false });
}

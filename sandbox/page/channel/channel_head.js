// @ts-check
// The header of a channel or of the app, with its actions.
/** @import * as T from "../types.js" */
import { perform } from "../acts.js";
import { ask, open } from "../widgets/dialogs.js";
import { Members } from "../side/members.js";
import { MenuButton } from "../widgets/menu.js";
import { Sign } from "../widgets/sign.js";
import { change, current, go } from "../store.js";
import { html } from "../ui.js";

/** The button that opens the side bar on a narrow screen. */
export const SideButton = () => html`
  <button
    type="button"
    class="icon side-button"
    aria-label="Open the side bar"
    onClick=${() => change({ side: true })}
  >
    <svg
      viewBox="0 0 20 20"
      width="20"
      height="20"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      aria-hidden="true"
    >
      <path d="M3.5 6h13M3.5 10h13M3.5 14h13" />
    </svg>
  </button>
`;

/** @param {{ channel: T.Channel, names: T.Names }} props */
export function ChannelHead({ channel, names }) {
  if (channel.is_im) return html`<${AppHead} app=${names.app} here="messages" />`;
  const many = channel.members.length;
  const show = () => open(Members, { channel: channel.id });
  return html`
    <header class="top">
      <${SideButton} />
      <h2><${Sign} channel=${channel} /> ${channel.name}</h2>
      ${channel.is_archived && html`<span class="label-quiet">archived</span>`}
      <span class="spring"></span>
      <button type="button" class="quiet-button" onClick=${show}>
        ${many === 1 ? "1 member" : `${many} members`}
      </button>
      <${MenuButton} label="Channel actions" face="⋯" items=${actions(channel, names, show)} />
    </header>
  `;
}

/**
 * @param {T.Channel} channel
 * @param {T.Names} names
 * @param {() => void} show
 */
function actions(channel, names, show) {
  const at = { channel: channel.id, user: names.me };
  const inside = channel.members.includes(names.me);
  const archive = async () => {
    const words = `No one can post in #${channel.name} while it is archived. You can unarchive it.`;
    if (await ask({ title: `Archive #${channel.name}`, words, yes: "Archive", grave: true }))
      await perform("places.archive", { channel: channel.id });
  };
  const convert = async () => {
    const words = `Only its members will see #${channel.name}. You can't undo this here.`;
    if (
      await ask({
        title: `Make #${channel.name} private`,
        words,
        yes: "Make private",
        grave: true,
      })
    )
      await perform("places.convert_to_private", { channel: channel.id });
  };
  return [
    { words: "Members…", note: "See, invite or remove people and the app", act: show },
    null,
    inside
      ? { words: "Leave channel", act: () => perform("places.leave", at) }
      : { words: "Join channel", act: () => perform("places.invite", at) },
    channel.is_archived
      ? {
          words: "Unarchive channel",
          act: () => perform("places.archive", { channel: channel.id, archived: false }),
        }
      : { words: "Archive channel…", grave: true, act: archive },
    !channel.is_private && { words: "Make private…", grave: true, act: convert },
  ].filter((item) => item !== false);
}

/**
 * The app's name with the tabs of its Home and its direct messages.
 * @param {{ app: T.App, here: string }} props
 */
export function AppHead({ app, here }) {
  /**
   * @param {string} name
   * @param {string} words
   * @param {() => void} leave
   */
  const tab = (name, words, leave) => html`
    <button type="button" class="tab" aria-current=${here === name && "page"} onClick=${leave}>
      ${words}
    </button>
  `;
  return html`
    <header class="top with-tabs">
      <${SideButton} />
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

/** Show the direct messages with the app. The first visit creates the channel. */
export async function openDirect() {
  const { place } = current();
  const channel = await perform("page.direct", { user: me() });
  // The person may have gone elsewhere during the call.
  if (channel && current().place === place) go({ channel, tab: null, thread: null, at: null });
  change({ side: false });
}

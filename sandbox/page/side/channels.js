// @ts-check
// The dialogs to browse and create channels.
/** @import * as T from "../types.js" */
import { act, perform } from "../acts.js";
import { Dialog, open } from "../widgets/dialogs.js";
import { Sign } from "../widgets/sign.js";
import { change, go } from "../store.js";
import { html, useState } from "../ui.js";

/** @param {string} channel */
const visit = (channel) => {
  change({ side: false });
  go({ channel, tab: null, thread: null, at: null });
};

/**
 * The dialog with every channel that the person sees, archived ones included.
 * @param {T.DialogProps} props
 */
export function BrowseChannels({ state, names, close }) {
  const [word, setWord] = useState("");
  const found = state.channels.filter(
    (each) => !each.is_im && each.name.includes(word.toLowerCase()),
  );
  found.sort(
    (a, b) => Number(a.is_archived) - Number(b.is_archived) || a.name.localeCompare(b.name),
  );
  /** @param {T.Channel} channel */
  const see = (channel) => {
    close();
    visit(channel.id);
  };
  return html`
    <${Dialog} title="Channels" close=${close} kind="tall">
      <div class="search">
        <input
          type="search"
          aria-label="Search channels"
          placeholder="Search channels"
          value=${word}
          onInput=${(/** @type {T.FieldEvent} */ event) => setWord(event.currentTarget.value)}
          autofocus
        />
      </div>
      <ul class="people content" aria-label="Channels">
        ${found.map(
          (each) => html`
            <${ChannelRow} key=${each.id} channel=${each} names=${names} see=${() => see(each)} />
          `,
        )}
        ${found.length === 0 && html`<li class="quiet">No channel is called “${word}”.</li>`}
      </ul>
      <footer>
        <button type="button" onClick=${() => open(CreateChannel, { name: word })}>
          Create a channel…
        </button>
      </footer>
    </${Dialog}>
  `;
}

/** @param {{ channel: T.Channel, names: T.Names, see: () => void }} props */
function ChannelRow({ channel, names, see }) {
  const at = { channel: channel.id, user: names.me };
  const inside = channel.members.includes(names.me);
  const many = channel.members.length === 1 ? "1 member" : `${channel.members.length} members`;
  const said = [inside && "joined", many, channel.is_archived && "archived"]
    .filter(Boolean)
    .join(" · ");
  return html`
    <li>
      <button type="button" class="what link" onClick=${see}>
        <${Sign} channel=${channel} /> ${channel.name}
      </button>
      <span class="quiet">${said}</span>
      ${
        inside
          ? html`
            <button
              type="button"
              aria-label=${`Leave #${channel.name}`}
              onClick=${() => perform("places.leave", at)}
            >
              Leave
            </button>
          `
          : html`
            <button
              type="button"
              class="primary"
              aria-label=${`Join #${channel.name}`}
              disabled=${channel.is_archived}
              onClick=${() => perform("places.invite", at)}
            >
              Join
            </button>
          `
      }
    </li>
  `;
}

/** @param {T.DialogProps & { name?: string }} props */
export function CreateChannel({ state, names, name = "", close }) {
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  // As in Slack, typed text becomes a valid channel name.
  /** @param {T.FieldEvent} props */
  const typed = ({ currentTarget: box }) => {
    const [at, name] = [box.selectionStart, box.value.toLowerCase().replace(/\s/g, "-")];
    if (name === box.value) return;
    box.value = name;
    box.setSelectionRange(at, at);
  };
  /** @param {T.FieldEvent<HTMLFormElement>} event */
  const submit = async (event) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    if (state.channels.some((each) => each.name === given.get("name")))
      return setWrong(`There is already a channel #${given.get("name")}.`);
    const members = [names.me, ...(given.get("app") ? [names.app.bot] : [])];
    try {
      const made = await act("places.channel", {
        name: given.get("name"),
        private: given.get("private") === "yes",
        members,
      });
      close();
      visit(made.id);
    } catch (error) {
      setWrong(error.message);
    }
    return undefined;
  };
  return html`
    <${Dialog} title="Create a channel" close=${close}>
      <form onSubmit=${submit}>
        <div class="content">
          <p class="field">
            <label for="new-channel">Name</label>
            <input
              id="new-channel"
              name="name"
              defaultValue=${name}
              required
              maxlength="80"
              pattern="[a-z0-9_\\-]+"
              title="Lower-case letters, digits, dashes and underscores"
              aria-invalid=${Boolean(wrong)}
              aria-describedby="new-channel-words"
              autocomplete="off"
              autofocus
              onInput=${typed}
            />
          </p>
          <p id="new-channel-words" class=${wrong ? "error" : "quiet"} role=${wrong && "alert"}>
            ${wrong ?? "Lower-case letters, digits, dashes and underscores."}
          </p>
          <fieldset class="boxes">
            <legend>Who can see it</legend>
            <label>
              <input type="radio" name="private" value="no" defaultChecked />${" "}
              <span>Public: everyone but guests</span>
            </label>
            <label>
              <input type="radio" name="private" value="yes" />${" "}
              <span>Private: only those who are invited</span>
            </label>
          </fieldset>
          <p class="field inline">
            <label><input type="checkbox" name="app" /> Invite ${names.app.name} at once</label>
          </p>
        </div>
        <footer>
          <button type="button" onClick=${close}>Cancel</button>
          <button class="primary">Create</button>
        </footer>
      </form>
    </${Dialog}>
  `;
}

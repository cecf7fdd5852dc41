// @ts-check
// The dialogs to switch to another person and to add one.
/** @import * as T from "../types.js" */
import { act } from "../acts.js";
import { Avatar } from "../widgets/avatar.js";
import { Dialog, open } from "../widgets/dialogs.js";
import { isPerson } from "../names.js";
import { change, go } from "../store.js";
import { format, time } from "../times.js";
import { html, useEffect, useElement, useState } from "../ui.js";

/** @typedef {{ unread: number, mentions: number }} Unread */

/**
 * Return a short description of a person: real name, role and time zone.
 * @param {T.Person} person
 * @param {T.Names} [names]
 */
export function about(person, names) {
  if (person.is_bot) return person.id === names?.app.bot ? "this app" : "app";
  const kind = person.is_ultra_restricted
    ? "single-channel guest"
    : person.is_restricted
      ? "guest"
      : person.is_admin
        ? "admin"
        : null;
  const zone = person.tz?.split("/").at(-1)?.replaceAll("_", " ");
  return [person.real_name, kind, zone].filter(Boolean).join(" · ");
}

/**
 * The dialog to switch to another person.
 * @param {T.DialogProps} props
 */
export function SwitchPerson({ state, names, close }) {
  const [word, setWord] = useState("");
  const [at, setAt] = useState(0);
  const [unreads, setUnreads] = useState(/** @type {Record<string, Unread>} */ ({}));
  /** @type {T.Ref} */
  const list = useElement();
  useEffect(() => {
    act("page.unreads").then(setUnreads);
  }, [state.channels]);
  const wanted = word.toLowerCase();
  const found = state.people.filter(
    (each) =>
      isPerson(each) &&
      [each.name, each.real_name ?? "", each.tz ?? ""].some((name) =>
        name.toLowerCase().includes(wanted),
      ),
  );
  /** @param {T.Person} person */
  const take = (person) => {
    close();
    change({ side: false });
    go({ user: person.id, thread: null, at: null, tab: null });
  };
  /** @param {number} index */
  const point = (index) => {
    setAt(index);
    list.current.children[index]?.scrollIntoView({ block: "nearest" });
  };
  /** @param {KeyboardEvent} event */
  const keyed = (event) => {
    if (event.key === "ArrowDown") point(Math.min(at + 1, found.length - 1));
    else if (event.key === "ArrowUp") point(Math.max(at - 1, 0));
    else if (event.key === "Enter" && found[at]) take(found[at]);
    else return;
    event.preventDefault();
  };
  /** @param {T.FieldEvent} event */
  const typed = (event) => {
    setWord(event.currentTarget.value);
    setAt(0);
  };
  return html`
    <${Dialog} title="Who do you want to be?" close=${close} kind="tall">
      <div class="search">
        <input
          type="text"
          role="combobox"
          aria-label="Search people"
          placeholder="Search by name or time zone"
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls="persons"
          aria-activedescendant=${found[at] && `person-${found[at].id}`}
          value=${word}
          onInput=${typed}
          onKeyDown=${keyed}
          autofocus
        />
      </div>
      <ul class="people content" role="listbox" id="persons" aria-label="People" ref=${list}>
        ${found.map(
          (each, index) => html`
            <${PersonChoice}
              key=${each.id}
              state=${state}
              person=${each}
              names=${names}
              pointed=${index === at}
              unread=${unreads[each.id]}
              take=${take}
              point=${() => index !== at && setAt(index)}
            />
          `,
        )}
      </ul>
      ${found.length === 0 && html`<p class="quiet centre">No one is called “${word}”.</p>`}
      <footer>
        <button type="button" onClick=${() => open(AddPerson, { name: word })}>
          Add a person…
        </button>
      </footer>
    </${Dialog}>
  `;
}

/**
 * @param {Object} props
 * @param {T.State} props.state
 * @param {T.Person} props.person
 * @param {T.Names} props.names
 * @param {boolean} props.pointed
 * @param {Unread} [props.unread]
 * @param {(person: T.Person) => void} props.take
 * @param {() => void} props.point
 */
function PersonChoice({ state, person, names, pointed, unread, take, point }) {
  const me = person.id === names.me;
  return html`
    <li
      role="option"
      id=${`person-${person.id}`}
      aria-selected=${pointed}
      onClick=${() => take(person)}
      onPointerMove=${point}
    >
      <${Avatar} small person=${person} />
      <span class="what">
        <b>${person.name}</b>
        ${me && " (you)"} <span class="quiet">${about(person, names)}</span>
      </span>
      <span class="quiet">
        ${format(person.tz, { hour: "2-digit", minute: "2-digit" }).format(time(state.clock))}
      </span>
      ${
        unread !== undefined &&
        unread.unread > 0 &&
        html`
          <span class=${unread.mentions ? "badge" : "badge soft"}>
            ${unread.mentions || unread.unread}
            <span class="sr-only">${unread.mentions ? " mentions" : " unread"}</span>
          </span>
        `
      }
    </li>
  `;
}

const KINDS = [
  { value: "member", words: "Member" },
  { value: "admin", words: "Admin" },
  { value: "guest", words: "Guest (invited channels)" },
  { value: "single_channel", words: "Guest (one channel)" },
];

/** @param {T.DialogProps & { name?: string }} props */
export function AddPerson({ state, name = "", close }) {
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  /** @param {T.FieldEvent<HTMLFormElement>} event */
  const submit = async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget));
    const kind = given.kind === "member" ? {} : { [String(given.kind)]: true };
    if (state.people.some((each) => each.name === given.name))
      return setWrong(`There is already someone called ${given.name}.`);
    try {
      const person = await act("places.person", { name: given.name, tz: given.tz, ...kind });
      close();
      go({ user: person.id, thread: null, at: null, tab: null });
    } catch (error) {
      setWrong(error.message);
    }
    return undefined;
  };
  return html`
    <${Dialog} title="Add a person" close=${close}>
      <form onSubmit=${submit}>
        <div class="content">
          <p class="field">
            <label for="new-name">Name</label>
            <input
              id="new-name"
              name="name"
              defaultValue=${name}
              required
              maxlength="21"
              pattern="[a-z0-9._\\-]+"
              title="Lower-case letters, digits, dots, dashes and underscores"
              aria-invalid=${Boolean(wrong)}
              aria-describedby="new-name-words"
              autocomplete="off"
              autofocus
            />
          </p>
          <p id="new-name-words" class=${wrong ? "error" : "quiet"} role=${wrong && "alert"}>
            ${wrong ?? "The name for mentions: lower-case letters, digits, dots and dashes."}
          </p>
          <p class="field">
            <label for="new-zone">Time zone</label>
            <select id="new-zone" name="tz" defaultValue=${here}>
              ${Intl.supportedValuesOf("timeZone").map(
                (each) => html`<option key=${each} selected=${each === here}>${each}</option>`,
              )}
            </select>
          </p>
          <p class="field">
            <label for="new-kind">Kind of account</label>
            <select id="new-kind" name="kind">
              ${KINDS.map(
                (each) => html`
                  <option key=${each.value} value=${each.value}>${each.words}</option>
                `,
              )}
            </select>
          </p>
        </div>
        <footer>
          <button type="button" onClick=${close}>Cancel</button>
          <button class="primary">Add</button>
        </footer>
      </form>
    </${Dialog}>
  `;
}

// @ts-check
// Selects of options, people or channels, and those whose options the app returns.
/** @import * as T from "../types.js" */
import { isPerson } from "../names.js";
import { html, useRef, useState } from "../ui.js";
import { Combobox } from "./combobox.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";

/** @typedef {Pick<T.ComboboxProps, "groups" | "status" | "filters" | "onSearch">} Offer */

/** @type {Record<string, string>} */
const PLACEHOLDERS = {
  users: "Select a user",
  channels: "Select a channel",
  conversations: "Select a conversation",
};
const SHORTEST = 3;

/**
 * @param {T.Option} given
 * @returns {T.ComboOption}
 */
const ofOption = (given) => ({
  key: given.value,
  words: plain(given.text),
  detail: plain(given.description),
  given,
});

/**
 * Return options in groups: of `options`, or of `option_groups`.
 * @param {Pick<T.BlockElement, "options" | "option_groups">} props
 */
const ofOptions = ({ options, option_groups: groups }) =>
  groups
    ? groups.map((each) => ({ label: plain(each.label), options: each.options.map(ofOption) }))
    : [{ options: (options ?? []).map(ofOption) }];

/**
 * @param {T.Names} names
 * @returns {(id: string) => T.ComboOption}
 */
const ofPerson = (names) => (id) => {
  const person = names.person(id);
  return { key: id, words: names.user(id), detail: person?.real_name ?? "", given: id };
};

/**
 * @param {T.Names} names
 * @returns {(id: string) => T.ComboOption}
 */
const ofChannel = (names) => (id) => {
  const channel = names.channels.find((each) => each.id === id);
  const words = channel?.is_im
    ? channel.user === names.app.bot
      ? names.app.name
      : names.user(channel.user ?? "")
    : names.channel(id);
  return {
    key: id,
    words,
    sign: channel?.is_im ? "@" : channel?.is_private ? icon("lock") : "#",
    given: id,
  };
};

/**
 * Return whether a conversation can be chosen in a select.
 * @param {T.BlockElement} given
 * @param {T.Channel} channel
 */
function isOffered(given, channel) {
  const { include, exclude_external_shared_channels: inside } = given.filter ?? {};
  const kind = channel.is_im ? "im" : channel.is_private ? "private" : "public";
  const kinds = given.type.endsWith("channels_select") ? ["public"] : include;
  return (
    !channel.is_archived && (!kinds || kinds.includes(kind)) && !(inside && channel.is_ext_shared)
  );
}

/**
 * Return the function that turns a select's value into a combobox option.
 * @param {T.BlockElement} given
 * @param {T.Names} names
 */
function showing(given, names) {
  if (given.type.endsWith("users_select")) return ofPerson(names);
  return /(channels|conversations)_select$/.test(given.type) ? ofChannel(names) : ofOption;
}

/**
 * @param {T.BlockElement} given
 * @param {T.Names} names
 */
function offers(given, names) {
  if (given.type.endsWith("users_select"))
    return [{ options: names.people.filter(isPerson).map((each) => ofPerson(names)(each.id)) }];
  if (!/(channels|conversations)_select$/.test(given.type)) return ofOptions(given);
  return [
    {
      options: names.channels
        .filter((each) => isOffered(given, each))
        .map((each) => ofChannel(names)(each.id)),
    },
  ];
}

/**
 * A select whose options are in the block or the workspace.
 * @param {T.ElementProps} props
 */
export const ListSelect = (props) => html`
  <${Select} ...${props} groups=${offers(props.given, props.at.names)} filters=${true} />
`;

/**
 * A select whose options the app returns while the person types. One request at a time; the last
 * text counts.
 * @param {T.ElementProps} props
 */
export function ExternalSelect(props) {
  const { given, block, at } = props;
  const [found, setFound] = useState(
    /** @type {{ groups: T.ComboGroup[], status: string }} */ ({ groups: [], status: "" }),
  );
  const wanted = useRef("");
  const asking = useRef(false);
  const least = given.min_query_length ?? SHORTEST;
  /** @param {string} typed */
  const look = async (typed) => {
    wanted.current = typed;
    if (typed.length < least)
      return setFound({
        groups: [],
        status: least === 1 ? "Type to search" : `Type at least ${least} characters to search`,
      });
    setFound((before) => ({ ...before, status: "Loading…" }));
    if (asking.current) return undefined;
    asking.current = true;
    let answer = null;
    for (let asked = /** @type {string | null} */ (null); asked !== wanted.current; ) {
      asked = wanted.current;
      answer = asked.length < least ? null : await offered(at, block, given, asked);
    }
    asking.current = false;
    return answer && setFound(answer);
  };
  return html`
    <${Select}
      ...${props}
      groups=${found.groups}
      status=${found.status}
      filters=${false}
      onSearch=${look}
    />
  `;
}

/**
 * @param {T.Surface} at
 * @param {T.Block} block
 * @param {T.BlockElement} given
 * @param {string} typed
 */
async function offered(at, block, given, typed) {
  try {
    return { groups: ofOptions(await at.suggest(block, given, typed)), status: "" };
  } catch {
    return { groups: [], status: "The options didn't load. Try again?" };
  }
}

/**
 * @param {T.ElementProps & Offer} props
 */
function Select({ given, block, at, field, value, use, groups, status, filters, onSearch, busy }) {
  const several = given.type.startsWith("multi_");
  const kind = given.type.replace(/^multi_|_select$/g, "");
  const chosen = [value ?? []].flat().map(showing(given, at.names));
  /** @param {T.ComboOption[]} options */
  const change = (options) => {
    const now = options.map((each) => each.given);
    return several ? use(now, now) : use(now[0] ?? null, now[0] ?? null);
  };
  const placeholder =
    plain(given.placeholder) || PLACEHOLDERS[kind] || (several ? "Select items" : "Select an item");
  return html`
    <${Combobox}
      field=${field}
      placeholder=${placeholder}
      several=${several}
      most=${given.max_selected_items}
      chosen=${chosen}
      groups=${groups}
      status=${status}
      filters=${filters}
      clearable=${block.type === "input" && block.optional}
      busy=${busy}
      onSearch=${onSearch}
      onChange=${change}
    />
  `;
}

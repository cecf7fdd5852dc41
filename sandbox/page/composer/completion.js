// @ts-check
// Suggestions for the word being typed: commands, people, channels, emoji.
/** @import * as T from "../types.js" */
import { search } from "../blocks/emoji.js";
import { isPerson } from "../names.js";

/** @typedef {{ names: T.Names, channel: T.Channel, command: string }} Site */

const MOST = 8;

// The pattern before the caret, and the function that returns suggestions for it.
/** @type {{ kind: string, at: RegExp, offer: (query: string, site: Site) => T.Suggestion[] }[]} */
const KINDS = [
  { kind: "command", at: /^\/([\w-]*)$/, offer: commands },
  { kind: "words", at: /^(?:(\/[\w-]+) )([\w-]*)$/, offer: words },
  { kind: "person", at: /(?:^|[\s(])@([\w.-]*)$/, offer: persons },
  { kind: "channel", at: /(?:^|[\s(])#([\w-]*)$/, offer: channels },
  { kind: "emoji", at: /(?:^|[\s(]):([\w+-]{2,})$/, offer: emoji },
];

/**
 * Return the suggestions for the text before the caret.
 * @param {string} text
 * @param {number} caret
 * @param {T.WritingPlace} parts
 */
export function complete(text, caret, { names, channel, thread }) {
  const before = text.slice(0, caret);
  for (const { kind, at, offer } of KINDS) {
    const found = at.exec(before);
    if (!found || (thread && (kind === "command" || kind === "words"))) continue;
    const query = found.at(-1) ?? "";
    const from = caret - query.length - (kind === "words" ? 0 : 1);
    const options = offer(query.toLowerCase(), { names, channel, command: found[1] }).slice(
      0,
      MOST,
    );
    // Don't suggest what is already typed.
    const whole = options.length === 1 && options[0].insert.trim() === text.slice(from, caret);
    return { kind, from, options: whole ? [] : options };
  }
  return { kind: null, from: caret, options: [] };
}

// Slack's own command, in addition to those of the app.
const INVITE = {
  name: "/invite",
  hint: "@someone",
  description: "Add a person or an app to this channel",
};

/**
 * @param {string} query
 * @param {Site} parts
 */
function commands(query, { names, channel }) {
  return [...names.app.commands, ...(channel.is_im ? [] : [INVITE])]
    .filter((each) => each.name.slice(1).startsWith(query))
    .map((each) => ({
      insert: `${each.name} `,
      words: each.name,
      hint: each.hint,
      note: each.description,
    }));
}

/**
 * Suggest the words that a command's usage hint lists, as in "[find WORDS | help]".
 * @param {string} query
 * @param {Site} parts
 */
function words(query, { names, command }) {
  const hint = names.app.commands.find((each) => each.name === command)?.hint ?? "";
  if (!/[|·]/.test(hint)) return [];
  const listed = hint
    .replace(/^\[|\]$/g, "")
    .split(/[|·]/)
    .map((each) => each.trim());
  /** @param {string} each */
  const first = (each) => each.split(/\s/, 1)[0];
  return listed
    .filter((each) => /^[a-z][\w-]*$/.test(first(each)) && first(each).startsWith(query))
    .map((each) => ({ insert: `${first(each)} `, words: `${command} ${each}`, note: "" }));
}

const BROADCASTS = [
  ["channel", "Notify everyone in this channel"],
  ["here", "Notify those in this channel who are online"],
];

/**
 * @param {string} query
 * @param {Site} parts
 */
function persons(query, { names, channel }) {
  const inside = new Set(channel.members);
  const known = names.people.filter((each) => isPerson(each) || each.id === names.app.bot);
  const found = known.filter((each) => matches(query, each.name, each.real_name ?? ""));
  /** @param {T.Person} each */
  const rank = (each) =>
    (each.name.toLowerCase().startsWith(query) ? 0 : 2) + (inside.has(each.id) ? 0 : 1);
  found.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  const some = channel.is_im ? [] : BROADCASTS.filter(([name]) => query && name.startsWith(query));
  return [
    ...found.map((each) => ({
      insert: `@${each.name} `,
      words: each.name,
      note: about(each, names, inside),
      person: each,
    })),
    ...some.map(([name, note]) => ({ insert: `@${name} `, words: `@${name}`, note, sign: "📣" })),
  ];
}

/**
 * @param {T.Person} person
 * @param {T.Names} names
 * @param {Set<string>} inside
 */
function about(person, names, inside) {
  const real = person.id === names.app.bot ? "App" : person.real_name;
  return inside.has(person.id) ? real : `${real} · not in this channel`;
}

/**
 * @param {string} query
 * @param {...string} given
 */
const matches = (query, ...given) =>
  given.some(
    (each) =>
      each
        .toLowerCase()
        .split(/[\s.]/)
        .some((part) => part.startsWith(query)) || each.toLowerCase().startsWith(query),
  );

/**
 * @param {string} query
 * @param {Site} parts
 */
function channels(query, { names }) {
  return names.channels
    .filter((each) => !each.is_im && !each.is_archived && each.name.includes(query))
    .sort(
      (a, b) =>
        Number(b.name.startsWith(query)) - Number(a.name.startsWith(query)) ||
        a.name.localeCompare(b.name),
    )
    .map((each) => ({
      insert: `#${each.name} `,
      words: each.name,
      note: each.is_private ? "Private channel" : "",
      channel: each,
    }));
}

/** @param {string} query */
function emoji(query) {
  return search(query).map(({ name, sign }) => ({
    insert: `:${name}: `,
    words: `:${name}:`,
    note: "",
    sign,
  }));
}

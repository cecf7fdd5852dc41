// @ts-check
// The names of people and channels by id.
/** @import * as T from "./types.js" */

/**
 * @typedef {Pick<T.State, "people" | "channels" | "app" | "emoji">} NamesState
 * @typedef {NamesState & { place: Pick<T.Place, "user"> }} NamesSource
 */

const SLACKBOT = "USLACKBOT";

/** @type {T.Names | null} */
let known = null;

/**
 * Return what messages show of channels: names and states, not members or unread counts.
 * @param {T.Channel[]} channels
 */
const shape = (channels) =>
  channels.map((each) => [each.id, each.name, each.is_private, each.is_archived]).join();

/**
 * Return the look-ups for a state. The object stays the same until people, channel names, the
 * reader or the emoji change.
 * @param {NamesSource} props
 * @returns {T.Names}
 */
export function names({ people, channels, app, place, emoji }) {
  const same = known?.people === people && known.me === (place.user ?? "") && known.emoji === emoji;
  if (known && same && known.shape === shape(channels)) return known;
  const persons = new Map(people.map((each) => [each.id, each]));
  const places = new Map(channels.map((each) => [each.id, each]));
  known = {
    people,
    channels,
    shape: shape(channels),
    app,
    // The emoji once they are loaded; messages drawn before that are drawn again.
    emoji,
    me: place.user ?? "",
    /** The reader's time zone, in which times are shown. */
    zone: persons.get(place.user ?? "")?.tz,
    person: (id) => (id === undefined ? undefined : persons.get(id)),
    user: (id) => {
      const person = persons.get(id);
      return person ? called(person) : id;
    },
    channel: (id) => places.get(id)?.name ?? "private-channel",
    sees: (id) => places.has(id),
  };
  return known;
}

/**
 * Return a bot's real name, which its app gives it, or a person's display name.
 * @param {T.Person} props
 */
const called = ({ id, is_bot: bot, profile }) =>
  (bot || id === SLACKBOT ? profile.real_name : profile.display_name) || id;

/**
 * Return the channel's name in lists; direct messages have the app's name.
 * @param {T.Channel} channel
 * @param {T.App} app
 */
export const title = (channel, app) => (channel.is_im ? app.name : channel.name);

/**
 * Return whether this is a person who can be chosen: no bot, not deactivated, not Slackbot.
 * @param {T.Person} each
 */
export const isPerson = (each) => !each.is_bot && !each.deleted && each.id !== SLACKBOT;

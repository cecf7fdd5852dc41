// People and channels by id, as a reader calls them.

const SLACKBOT = "USLACKBOT";

let known = null;

/** What of channels decides how messages are drawn: not who is in them, nor what is unread. */
const shape = (channels) => channels.map((each) => [each.id, each.name, each.is_private, each.is_archived]).join();

/** Return the look-ups for a state; the same object for as long as people, names of channels, reader and emoji are the same. */
export function names({ people, channels, app, place, emoji }) {
  const same = known && known.people === people && known.me === place.user && known.emoji === emoji;
  if (same && known.shape === shape(channels)) return known;
  const persons = new Map(people.map((each) => [each.id, each]));
  const places = new Map(channels.map((each) => [each.id, each]));
  known = {
    people,
    channels,
    shape: shape(channels),
    app,
    // The names of emoji, once they are loaded: what was drawn without them is drawn again.
    emoji,
    me: place.user,
    /** The time zone of who reads, in which times are shown. */
    zone: persons.get(place.user)?.tz,
    person: (id) => persons.get(id),
    user: (id) => (persons.has(id) ? called(persons.get(id)) : id),
    channel: (id) => places.get(id)?.name ?? "private-channel",
    sees: (id) => places.has(id),
  };
  return known;
}

/** A bot goes by the name that its app gives it, people by the one that they chose. */
const called = ({ id, is_bot: bot, profile }) => (bot || id === SLACKBOT ? profile.real_name : profile.display_name) || id;

/** A channel as it stands in lists: with its sign, or the app's name for its direct messages. */
export const title = (channel, app) => (channel.is_im ? app.name : channel.name);

/** Whether the people of a list can be chosen: neither deactivated, nor Slack's own. */
export const isPerson = (each) => !each.is_bot && !each.deleted && each.id !== SLACKBOT;

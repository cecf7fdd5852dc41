// @ts-check
// The title of the browser's tab: unread counts and the current channel.
/** @import * as T from "./types.js" */

/**
 * Return the title for a state.
 * @param {Pick<T.State, "app" | "channels" | "place">} props
 */
export function title({ app, channels, place }) {
  if (!app) return "Sandbox";
  const channel = channels.find((each) => each.id === place.channel);
  const here =
    place.tab === "home" || channel?.is_im ? app.name : channel ? `#${channel.name}` : "Sandbox";
  const mentions = channels.reduce((sum, each) => sum + each.mentions, 0);
  const unread = channels.some((each) => each.unread > 0);
  return `${mentions ? `(${mentions}) ` : unread ? "* " : ""}${here} – ${app.domain}`;
}

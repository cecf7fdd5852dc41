// @ts-check
// A message as its author typed it, for editing.
/** @import * as T from "../types.js" */
import { unescapeText } from "../blocks/mrkdwn.js";

/**
 * Return what a person types to get a text in Slack's markup.
 * @param {string} text
 * @param {T.Names} names
 */
export function source(text, names) {
  const typed = text.replace(/<([^<>]+)>/g, (_, token) => {
    const [what] = token.split("|", 1);
    if (what.startsWith("@")) return `@${names.person(what.slice(1))?.name ?? what.slice(1)}`;
    if (what.startsWith("#")) return `#${names.channel(what.slice(1))}`;
    return what.startsWith("!") ? `@${what.slice(1)}` : what;
  });
  return unescapeText(typed);
}

// @ts-check
// Acts of a person, sent to the sandbox's control interface.
/** @import * as T from "./types.js" */
import { notice } from "./store.js";

/**
 * Do an act and return its value. Throws the reason if Slack's client wouldn't allow it.
 * @param {string} verb
 * @param {T.Json} [args]
 */
export async function act(verb, args = {}) {
  const answer = await fetch(`/control/${verb}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(args),
  });
  const found = await answer.json();
  if (!found.ok) throw new Error(found.error);
  return found.value;
}

/**
 * Do an act and return its value. If it fails, show the reason and return undefined.
 * @param {string} verb
 * @param {T.Json} [args]
 */
export async function perform(verb, args) {
  try {
    return await act(verb, args);
  } catch (error) {
    notice(error.message);
    return undefined;
  }
}

/**
 * Use a shortcut or button of the app, as `perform`; if the app doesn't answer, say so as Slack
 * does.
 * @param {string} verb
 * @param {T.Json} [args]
 */
export async function click(verb, args) {
  const found = await perform(verb, args);
  if (found?.error) notice("We had some trouble connecting. Try again?");
  return found;
}

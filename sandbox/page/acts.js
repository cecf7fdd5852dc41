// What a person does: acts of the sandbox's control interface.
import { notice } from "./store.js";

/** Do an act and return its value; what Slack's client would refuse is thrown as words. */
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

/** Do an act; say in words what went wrong, and then return undefined. */
export async function perform(verb, args) {
  try {
    return await act(verb, args);
  } catch (error) {
    notice(error.message);
    return undefined;
  }
}

/** Use something of the app's: as `perform`, and where the app did not answer that is said, as Slack does. */
export async function click(verb, args) {
  const found = await perform(verb, args);
  if (found?.error) notice("We had some trouble connecting. Try again?");
  return found;
}

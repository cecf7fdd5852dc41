// Elements and calls: the two things that everything here is made of.

/** Make an element; keys that begin with "on" are listeners, null and false are left out. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.flat(9).filter((child) => child !== null && child !== undefined));
  return made;
}

/** Do an act of the control interface; what Slack's client would refuse is thrown as words. */
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

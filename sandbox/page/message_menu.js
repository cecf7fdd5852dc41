// What one can do with a message: reply, react, take a shortcut of the app, edit and delete.
import { perform } from "./acts.js";
import { go } from "./store.js";
import { html, pure } from "./ui.js";

export const messageMenu = pure(({ one, names }) => {
  const { raw, channel, to } = one;
  if (to) return null;
  const at = { user: names.me, channel, ts: raw.ts };
  const shortcuts = names.app.shortcuts.filter((each) => each.kind === "message");
  return html`
    <div class="tools" role="group" aria-label="Message">
      <button type="button" onClick=${() => go({ thread: raw.thread_ts ?? raw.ts })}>Reply</button>
      <button type="button" onClick=${() => perform("talk.react", { ...at, name: "scroll" })}>:scroll:</button>
      ${shortcuts.map((each) => html`<button type="button" key=${each.name} title=${each.description} onClick=${() => perform("clicks.shortcut", { ...at, name: each.name })}>${each.name}</button>`)}
    </div>
  `;
});

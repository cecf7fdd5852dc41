// The keys that do something here.
import { dialog } from "../widgets/dialogs.js";
import { html } from "../ui.js";

const mac = /Mac/.test(navigator.platform);
const ALT = mac ? "⌥" : "Alt";

const KEYS = [
  ["Going about", [
    [[ALT, "↑"], "The channel above"],
    [[ALT, "↓"], "The channel below"],
    [["F6"], "The next part: side bar, messages, composer, thread"],
    [["Esc"], "Close the thread, or what is open"],
    [["?"], "This help"],
  ]],
  ["Messages", [
    [["↑"], "The message above"],
    [["↓"], "The message below"],
    [["Tab"], "What one can do with the message"],
  ]],
  ["Writing", [
    [["Enter"], "Send"],
    [["Shift", "Enter"], "A new line"],
    [["↑"], "In an empty box: edit your last message"],
    [["/"], "Commands of the app"],
    [["@"], "People and the app"],
    [["#"], "Channels"],
    [[":"], "Emoji, from two letters on"],
  ]],
];

export function help({ close }) {
  return html`
    <${dialog} title="Keyboard shortcuts" close=${close}>
      <div class="content keys">
        ${KEYS.map(([words, every]) => html`
          <h3>${words}</h3>
          <dl>${every.map(([keys, what]) => html`<div><dt>${keys.map((each, index) => html`${index > 0 && " + "}<kbd>${each}</kbd>`)}</dt><dd>${what}</dd></div>`)}</dl>`)}
      </div>
    </${dialog}>
  `;
}

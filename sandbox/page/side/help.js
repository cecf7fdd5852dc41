// @ts-check
// The keyboard help.
/** @import * as T from "../types.js" */
import { Dialog } from "../widgets/dialogs.js";
import { html } from "../ui.js";

const mac = /Mac/.test(navigator.platform);
const ALT = mac ? "⌥" : "Alt";

/** @type {[words: string, keys: [keys: string[], what: string][]][]} */
const KEYS = [
  [
    "Navigation",
    [
      [[ALT, "↑"], "Previous channel"],
      [[ALT, "↓"], "Next channel"],
      [["F6"], "Next area: side bar, messages, composer, thread"],
      [["Esc"], "Close a dialog, a menu or the thread"],
      [["?"], "This help"],
    ],
  ],
  [
    "Messages",
    [
      [["↑"], "Previous message"],
      [["↓"], "Next message"],
      [["Tab"], "Actions on the message"],
    ],
  ],
  [
    "Writing",
    [
      [["Enter"], "Send"],
      [["Shift", "Enter"], "New line"],
      [["↑"], "Edit your last message, if the box is empty"],
      [["/"], "The app's commands"],
      [["@"], "People and the app"],
      [["#"], "Channels"],
      [[":"], "Emoji, after two letters"],
    ],
  ],
];

/** @param {T.DialogProps} props */
export function Help({ close }) {
  return html`
    <${Dialog} title="Keyboard shortcuts" close=${close}>
      <div class="content keys">
        ${KEYS.map(
          ([words, every]) => html`
            <h3>${words}</h3>
            <dl>
              ${every.map(
                ([keys, what]) => html`
                  <div>
                    <dt>
                      ${keys.map((each, index) => html`${index > 0 && " + "}<kbd>${each}</kbd>`)}
                    </dt>
                    <dd>${what}</dd>
                  </div>
                `,
              )}
            </dl>
          `,
        )}
      </div>
    </${Dialog}>
  `;
}

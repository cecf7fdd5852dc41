// Elements that people use: what each holds, what is asked before, and what is said when the app does not answer.
import { html, useState } from "../ui.js";
import { boxes } from "./boxes.js";
import { button, feedbackButtons, iconButton, workflowButton } from "./button.js";
import { confirmation } from "./confirm.js";
import { files } from "./files.js";
import { useHeld } from "./held.js";
import { icon } from "./icons.js";
import { textInput } from "./inputs.js";
import { plain, unescape } from "./mrkdwn.js";
import { overflow } from "./overflow.js";
import { dateTime, picker } from "./pickers.js";
import { richInput } from "./rich_input.js";
import { externalSelect, listSelect } from "./select.js";

/** Draw an element of a block; `field` are the attributes that tie it to its label. */
export const element = (block, given, at, field = {}) =>
  given.visible_to_user_ids && !given.visible_to_user_ids.includes(at.names.me)
    ? null
    : html`<${used} key=${keepsValue(given) ? given.action_id : undefined} block=${block} given=${given} at=${at} field=${field} />`;

/** Whether an element holds what someone chose or typed, and is not just pressed. */
export const keepsValue = (given) => Object.hasOwn(ELEMENTS, given?.type) && !PRESSED.has(given.type);

const PRESSED = new Set(["button", "icon_button", "workflow_button", "feedback_buttons", "overflow"]);

function used({ block, given, at, field }) {
  const [key, first] = holds(given.type);
  const state = at.values?.[block.block_id]?.[given.action_id];
  const { shown, hold, settle } = useHeld((state ? state[key] : given[first]) ?? null, at.change);
  const [busy, setBusy] = useState(0);
  const [trouble, setTrouble] = useState(null);
  const [asked, ask] = useState(null);
  const send = async (choice, value) => {
    const mine = hold(value);
    setTrouble(null);
    setBusy((count) => count + 1);
    try {
      const now = await at.use(block, given, choice);
      settle(mine, now?.[key], now?.change);
    } catch (error) {
      settle(mine);
      setTrouble(WORDS[error.message] ?? error.message);
    }
    setBusy((count) => count - 1);
  };
  const type = (value) => {
    const mine = hold(value);
    at.type(block, given, value, (now) => settle(mine, now?.[key], now?.change));
  };
  const use = (choice, value = shown) => (given.confirm ? ask({ choice, value }) : send(choice, value));
  const answered = (yes) => {
    ask(null);
    if (yes) send(asked.choice, asked.value);
  };
  const name = plain(given.placeholder) || bare(block.text);
  const tied = field.id ? field : { ...field, "aria-label": given.accessibility_label || name || undefined };
  const drawn = ELEMENTS[given.type] ?? unknown;
  return html`
    <div class=${`element ${given.type}`} data-focus=${given.focus_on_load || undefined}>
      <${drawn} given=${given} block=${block} at=${at} field=${tied} value=${shown} use=${use} type=${type} leave=${() => at.leave(block, given)} busy=${busy > 0} />
      ${trouble && html`<span class="trouble" role="alert">${icon("warning")} ${trouble}</span>`}
      ${asked && html`<${confirmation} given=${given.confirm} names=${at.names} onAnswer=${answered} />`}
    </div>`;
}

/** Return the words of a text without its markup, as a name. */
const bare = (given) => (given?.type === "mrkdwn" ? unescape(given.text.replace(/<[^<>|]*\|([^<>]*)>/g, "$1").replace(/[*_~`]/g, "")) : plain(given));

const WORDS = {
  operation_timeout: "The app did not respond within 3 seconds.",
  dispatch_failed: "The app did not take this. Try again?",
  "Failed to fetch": "The sandbox does not answer. Try again?",
};

const unknown = ({ given }) => html`<span class="unknown">The sandbox does not know how to draw <code>${given.type}</code>.</span>`;

const ELEMENTS = {
  button,
  icon_button: iconButton,
  workflow_button: workflowButton,
  feedback_buttons: feedbackButtons,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: richInput,
  file_input: files,
  datepicker: picker,
  timepicker: picker,
  datetimepicker: dateTime,
  radio_buttons: boxes,
  checkboxes: boxes,
  overflow,
  external_select: externalSelect,
  multi_external_select: externalSelect,
};
for (const each of ["static", "users", "channels", "conversations"]) {
  ELEMENTS[`${each}_select`] = ELEMENTS[`multi_${each}_select`] = listSelect;
}

/** Return the key under which the state of an element holds its value, and that of what it starts with. */
export function holds(type) {
  const several = type.startsWith("multi_") || type === "checkboxes" ? "s" : "";
  const kind = /(user|channel|conversation)s_select$/.exec(type)?.[1];
  if (kind) return [`selected_${kind}${several}`, `initial_${kind}${several}`];
  if (/select$|^checkboxes$|^radio_buttons$/.test(type)) return [`selected_option${several}`, `initial_option${several}`];
  const picked = { datepicker: "date", timepicker: "time", datetimepicker: "date_time" }[type];
  if (picked) return [`selected_${picked}`, `initial_${picked}`];
  if (type === "rich_text_input") return ["rich_text_value", "initial_value"];
  return type === "file_input" ? ["files", "initial_files"] : ["value", "initial_value"];
}

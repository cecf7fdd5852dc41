// @ts-check
// Interactive elements: their values, their confirmation, and the error if the app doesn't answer.
/** @import * as T from "../types.js" */
import { html, useState } from "../ui.js";
import { Boxes } from "./boxes.js";
import { Button, FeedbackButtons, IconButton, WorkflowButton } from "./button.js";
import { Confirmation } from "./confirm.js";
import { FileInput } from "./files.js";
import { useShownValue } from "./held.js";
import { icon } from "./icons.js";
import { TextInput } from "./inputs.js";
import { plain, unescapeText } from "./mrkdwn.js";
import { Overflow } from "./overflow.js";
import { DateTimePicker, DatePicker } from "./pickers.js";
import { RichInput } from "./rich_input.js";
import { ExternalSelect, ListSelect } from "./select.js";

/**
 * Draw an element of a block; `field` has the attributes that tie it to its label.
 * @param {T.Block} block
 * @param {T.BlockElement} given
 * @param {T.Surface} at
 * @param {T.Field} [field]
 */
export const element = (block, given, at, field = {}) =>
  given.visible_to_user_ids && !given.visible_to_user_ids.includes(at.names.me)
    ? null
    : html`
      <${UsedElement}
        key=${keepsValue(given) ? given.action_id : undefined}
        block=${block}
        given=${given}
        at=${at}
        field=${field}
      />
    `;

/**
 * Return whether an element keeps a value, unlike a button.
 * @param {T.BlockElement | undefined} given
 */
export const keepsValue = (given) =>
  given !== undefined && Object.hasOwn(ELEMENTS, given.type) && !PRESSED.has(given.type);

const PRESSED = new Set([
  "button",
  "icon_button",
  "workflow_button",
  "feedback_buttons",
  "overflow",
]);

/** @param {{ block: T.Block, given: T.BlockElement, at: T.Surface, field: T.Field }} props */
function UsedElement({ block, given, at, field }) {
  const [key, first] = holds(given.type);
  const state = at.values?.[block.block_id]?.[given.action_id];
  const known = state ? state[key] : /** @type {T.Json} */ (given)[first];
  const { shown, hold, settle } = useShownValue(known ?? null, at.change);
  const [busy, setBusy] = useState(0);
  const [trouble, setTrouble] = useState(/** @type {string | null} */ (null));
  const [asked, ask] = useState(/** @type {{ choice: T.Choice, value: T.Choice } | null} */ (null));
  /**
   * @param {T.Choice} choice
   * @param {T.Choice} value
   */
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
  /** @param {string} value */
  const type = (value) => {
    const mine = hold(value);
    at.type(block, given, value, (now) => settle(mine, now?.[key], now?.change));
  };
  /**
   * @param {T.Choice} choice
   * @param {T.Choice} [value]
   */
  const use = (choice, value = shown) =>
    given.confirm ? ask({ choice, value }) : send(choice, value);
  /** @param {boolean} yes */
  const answered = (yes) => {
    ask(null);
    if (yes && asked) send(asked.choice, asked.value);
  };
  const name = plain(given.placeholder) || bare(block.text);
  const tied = field.id
    ? field
    : { ...field, "aria-label": given.accessibility_label || name || undefined };
  const Drawn = ELEMENTS[given.type] ?? UnknownElement;
  return html`
    <div class=${`element ${given.type}`} data-focus=${given.focus_on_load || undefined}>
      <${Drawn}
        given=${given}
        block=${block}
        at=${at}
        field=${tied}
        value=${shown}
        use=${use}
        type=${type}
        leave=${() => at.leave(block, given)}
        busy=${busy > 0}
      />
      ${trouble && html`<span class="trouble" role="alert">${icon("warning")} ${trouble}</span>`}
      ${
        asked &&
        html`<${Confirmation} given=${given.confirm} names=${at.names} onAnswer=${answered} />`
      }
    </div>
  `;
}

/**
 * Return a text without its markup, for an accessible name.
 * @param {T.TextObject | undefined} given
 */
const bare = (given) =>
  given?.type === "mrkdwn"
    ? unescapeText(given.text.replace(/<[^<>|]*\|([^<>]*)>/g, "$1").replace(/[*_~`]/g, ""))
    : plain(given);

/** @type {Record<string, string>} */
const WORDS = {
  operation_timeout: "The app didn't respond within 3 seconds.",
  dispatch_failed: "The app couldn't handle this. Try again?",
  "Failed to fetch": "The sandbox isn't responding. Try again?",
};

/** @param {T.ElementProps} props */
const UnknownElement = ({ given }) => html`
  <span class="unknown">The sandbox can't draw <code>${given.type}</code>.</span>
`;

/** @type {Record<string, (props: T.ElementProps) => T.Drawn>} */
const ELEMENTS = {
  button: Button,
  icon_button: IconButton,
  workflow_button: WorkflowButton,
  feedback_buttons: FeedbackButtons,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  rich_text_input: RichInput,
  file_input: FileInput,
  datepicker: DatePicker,
  timepicker: DatePicker,
  datetimepicker: DateTimePicker,
  radio_buttons: Boxes,
  checkboxes: Boxes,
  overflow: Overflow,
  external_select: ExternalSelect,
  multi_external_select: ExternalSelect,
};
for (const each of ["static", "users", "channels", "conversations"]) {
  ELEMENTS[`${each}_select`] = ELEMENTS[`multi_${each}_select`] = ListSelect;
}

/**
 * Return the keys of an element's value in its state, and of its initial value in the block.
 * @param {string} type
 */
export function holds(type) {
  const several = type.startsWith("multi_") || type === "checkboxes" ? "s" : "";
  const kind = /(user|channel|conversation)s_select$/.exec(type)?.[1];
  if (kind) return [`selected_${kind}${several}`, `initial_${kind}${several}`];
  if (/select$|^checkboxes$|^radio_buttons$/.test(type))
    return [`selected_option${several}`, `initial_option${several}`];
  /** @type {Record<string, string>} */
  const kinds = { datepicker: "date", timepicker: "time", datetimepicker: "date_time" };
  const picked = kinds[type];
  if (picked) return [`selected_${picked}`, `initial_${picked}`];
  if (type === "rich_text_input") return ["rich_text_value", "initial_value"];
  return type === "file_input" ? ["files", "initial_files"] : ["value", "initial_value"];
}

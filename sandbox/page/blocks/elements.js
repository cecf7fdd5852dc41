// Elements that people use; what they do with one goes to `at.use`.
import { imageSource } from "../files.js";
import { html } from "../ui.js";
import { plain } from "./mrkdwn.js";
import { menu } from "./select.js";

/** Draw an element of a block; `field` are the attributes that tie it to its label. */
export function element(block, given, at, field = {}) {
  const value = at.values?.[block.block_id]?.[given.action_id] ?? {};
  const use = (choice) => at.use(block, given, choice);
  const one = (ELEMENTS[given.type] ?? unknown)(given, { block, at, field, value, use });
  return html`<span class=${`element ${given.type}`} key=${given.action_id}>${one}</span>`;
}

const unknown = (given) => html`<span class="unknown">The sandbox does not know how to draw <code>${given.type}</code>.</span>`;

const picker = (type, key) => (given, { field, value, use }) =>
  html`<input ...${field} type=${type} aria-label=${field.id ? undefined : plain(given.placeholder)} value=${value[key] ?? ""} onChange=${(event) => use(event.currentTarget.value || null)} />`;

const ELEMENTS = {
  image: (given, { at }) => html`<img class="small" src=${imageSource(given, at.names)} alt=${given.alt_text} />`,
  button: (given, { use }) => html`
    <button type="button" class=${given.style ?? ""} aria-label=${given.accessibility_label} onClick=${() => use(null)}>${plain(given.text)}</button>`,
  plain_text_input: typed,
  email_text_input: typed,
  url_text_input: typed,
  number_input: typed,
  datepicker: picker("date", "selected_date"),
  timepicker: picker("time", "selected_time"),
  radio_buttons: boxes,
  checkboxes: boxes,
  overflow: menu,
  static_select: menu,
  multi_static_select: menu,
  external_select: menu,
  multi_external_select: menu,
  users_select: menu,
  multi_users_select: menu,
  channels_select: menu,
  multi_channels_select: menu,
  conversations_select: menu,
  multi_conversations_select: menu,
};

function typed(given, { field, value, use }) {
  const attributes = { ...field, placeholder: plain(given.placeholder), maxlength: given.max_length, defaultValue: value.value ?? "", onChange: (event) => use(event.currentTarget.value) };
  return given.multiline ? html`<textarea ...${attributes} rows="4"></textarea>` : html`<input ...${attributes} />`;
}

function boxes(given, { field, block, value, use }) {
  const several = given.type === "checkboxes";
  const chosen = new Set((several ? value.selected_options : [value.selected_option])?.filter(Boolean).map((each) => each.value));
  const change = (option, on) => {
    if (!several) return use(option.value);
    on ? chosen.add(option.value) : chosen.delete(option.value);
    return use([...chosen]);
  };
  return html`
    <span class="boxes" role=${several ? "group" : "radiogroup"} id=${field.id}>
      ${given.options.map((option) => html`
        <label key=${option.value}>
          <input type=${several ? "checkbox" : "radio"} name=${`${block.block_id}/${given.action_id}`} checked=${chosen.has(option.value)} onChange=${(event) => change(option, event.currentTarget.checked)} />
          <span>${plain(option.text)}</span>
        </label>`)}
    </span>`;
}

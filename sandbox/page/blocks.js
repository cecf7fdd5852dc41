// Block Kit as a person sees it. `at` says where: {names, values, errors, use(block, element, choice), suggest}.
import { el } from "./dom.js";
import { mrkdwn, reference, unescape } from "./mrkdwn.js";

export function draw(blocks, at) {
  return blocks.map((block) => (DRAW[block.type] ?? unknown)(block, at));
}

export const text = (given, at) =>
  given.type === "mrkdwn" ? mrkdwn(given.text, at.names) : [unescape(given.text)];

const unknown = (block) => el("p", { class: "unknown" }, `[${block.type}]`);

const DRAW = {
  header: (block, at) => el("h3", {}, text(block.text, at)),
  divider: () => el("hr"),
  image: (block) => el("img", { src: block.image_url ?? "", alt: block.alt_text }),
  context: (block, at) =>
    el("p", { class: "context" }, block.elements.map((each) => (each.text ? [text(each, at), " "] : image(each)))),
  actions: (block, at) => el("div", { class: "actions" }, block.elements.map((each) => element(block, each, at))),
  markdown: (block) => el("div", { class: "text" }, block.text),
  section: (block, at) =>
    el(
      "div",
      { class: "section" },
      el(
        "div",
        { class: "text" },
        block.text ? text(block.text, at) : null,
        block.fields ? el("div", { class: "fields" }, block.fields.map((each) => el("div", {}, text(each, at)))) : null,
      ),
      block.accessory ? element(block, block.accessory, at) : null,
    ),
  input: (block, at) =>
    el(
      "label",
      { class: "input" },
      el("b", {}, text(block.label, at), block.optional ? el("small", {}, " (optional)") : null),
      element(block, block.element, at),
      block.hint ? el("small", {}, text(block.hint, at)) : null,
      at.errors?.[block.block_id] ? el("span", { class: "error", role: "alert" }, at.errors[block.block_id]) : null,
    ),
  rich_text: (block, at) => el("div", { class: "text" }, block.elements.map((each) => rich(each, at))),
  table: (block, at) =>
    el("table", {}, block.rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell.text ?? rich(cell, at)))))),
};

const image = (given) => el("img", { src: given.image_url ?? "", alt: given.alt_text, class: "small" });

function rich(part, at) {
  if (part.type === "text") return styled(part);
  if (part.type === "link") return reference(`${part.url}|${part.text ?? part.url}`, at.names);
  if (part.type === "user") return reference(`@${part.user_id}`, at.names);
  if (part.type === "channel") return reference(`#${part.channel_id}`, at.names);
  if (part.type === "broadcast") return reference(`!${part.range}`, at.names);
  if (part.type === "emoji") return `:${part.name}:`;
  const tags = { rich_text_list: "ul", rich_text_preformatted: "pre", rich_text_quote: "blockquote" };
  const item = (each) => (part.type === "rich_text_list" ? el("li", {}, rich(each, at)) : rich(each, at));
  return el(tags[part.type] ?? "div", {}, (part.elements ?? []).map(item));
}

function styled(part) {
  const style = part.style ?? {};
  const tag = style.code ? "code" : style.bold ? "strong" : style.italic ? "em" : style.strike ? "s" : "span";
  return el(tag, {}, part.text);
}

/** Draw an interactive element; what a person does with it goes to `at.use`. */
function element(block, given, at) {
  const value = at.values?.[block.block_id]?.[given.action_id] ?? {};
  const use = (choice) => at.use(block, given, choice);
  const kind = given.type;
  if (kind === "image") return image(given);
  if (kind === "button") return button(given, use);
  if (kind === "overflow") return menu(given, given.options, null, use, "⋯");
  if (kind.endsWith("_text_input") || kind === "number_input" || kind === "plain_text_input") return typed(given, value, use);
  if (kind === "datepicker") return picker("date", value.selected_date, use);
  if (kind === "timepicker") return picker("time", value.selected_time, use);
  if (kind === "radio_buttons" || kind === "checkboxes") return boxes(block, given, value, use);
  if (kind.endsWith("external_select")) return suggested(block, given, value, at, use);
  return select(given, value, at, use);
}

function button(given, use) {
  const label = unescape(given.text.text);
  const sure = () => !given.confirm || window.confirm(`${given.confirm.title.text}\n${given.confirm.text.text}`);
  return el("button", { type: "button", class: given.style, onclick: () => sure() && use(null) }, label);
}

function typed(given, value, use) {
  const tag = given.multiline ? "textarea" : "input";
  const field = el(tag, { placeholder: given.placeholder?.text, onchange: (event) => use(event.target.value) });
  field.value = value.value ?? "";
  return field;
}

function picker(type, chosen, use) {
  return el("input", { type, value: chosen, onchange: (event) => use(event.target.value || null) });
}

function boxes(block, given, value, use) {
  const several = given.type === "checkboxes";
  const chosen = (several ? value.selected_options : [value.selected_option]) ?? [];
  const on = new Set(chosen.filter(Boolean).map((each) => each.value));
  const change = (event, option) => {
    if (!several) return use(option.value);
    event.target.checked ? on.add(option.value) : on.delete(option.value);
    return use([...on]);
  };
  return el(
    "span",
    { class: "boxes" },
    given.options.map((option) =>
      el(
        "label",
        {},
        el("input", {
          type: several ? "checkbox" : "radio",
          name: `${block.block_id}/${given.action_id}`,
          checked: on.has(option.value),
          onchange: (event) => change(event, option),
        }),
        unescape(option.text.text),
      ),
    ),
  );
}

function select(given, value, at, use) {
  const people = given.type.endsWith("users_select");
  const places = given.type.endsWith("channels_select") || given.type.endsWith("conversations_select");
  const plain = (each) => ({ text: { text: each.name }, value: each.id });
  let options = given.options ?? [];
  if (people) options = at.names.people().map(plain);
  if (places) options = at.names.channels().map(plain);
  const key = Object.keys(value).find((each) => each.startsWith("selected_"));
  const chosen = [value[key] ?? []].flat().map((each) => each.value ?? each);
  return menu(given, options, chosen, use, given.placeholder?.text ?? "Choose…");
}

function menu(given, options, chosen, use, placeholder) {
  const several = given.type.startsWith("multi_");
  const option = (each) =>
    el("option", { value: each.value, selected: chosen?.includes(each.value) }, unescape(each.text.text));
  const groups = (given.option_groups ?? []).map((group) =>
    el("optgroup", { label: group.label.text }, group.options.map(option)),
  );
  const change = (event) =>
    use(several ? [...event.target.selectedOptions].map((each) => each.value) : event.target.value || null);
  return el(
    "select",
    { multiple: several, "aria-label": placeholder, onchange: change },
    several ? null : el("option", { value: "" }, placeholder),
    options.map(option),
    groups,
  );
}

function suggested(block, given, value, at, use) {
  const id = `list-${block.block_id}-${given.action_id}`;
  const list = el("datalist", { id });
  const least = given.min_query_length ?? 3;
  const offer = async (event) => {
    if (event.target.value.length < least) return;
    const labels = await at.suggest(block, given, event.target.value);
    list.replaceChildren(...labels.map((label) => el("option", { value: label })));
  };
  const field = el("input", { list: id, placeholder: given.placeholder?.text, oninput: offer, onchange: (event) => use(event.target.value || null) });
  field.value = value.selected_option ? unescape(value.selected_option.text.text) : "";
  return el("span", {}, field, list);
}

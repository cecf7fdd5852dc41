// Menus: one or several of options, people or channels.
import { isPerson } from "../names.js";
import { html, useState } from "../ui.js";
import { plain } from "./mrkdwn.js";

const plainOption = (each) => ({ text: { text: each.name }, value: each.id });

export function menu(given, { at, block, field, value, use }) {
  if (given.type.endsWith("external_select")) return html`<${external} given=${given} at=${at} block=${block} field=${field} value=${value} use=${use} />`;
  const several = given.type.startsWith("multi_");
  let options = given.options ?? [];
  if (given.type.endsWith("users_select")) options = at.names.people.filter(isPerson).map(plainOption);
  if (/(channels|conversations)_select$/.test(given.type)) options = at.names.channels.filter((each) => !each.is_im).map(plainOption);
  const key = Object.keys(value).find((each) => each.startsWith("selected_"));
  const chosen = [value[key] ?? []].flat().map((each) => each.value ?? each);
  const change = (event) => use(several ? [...event.currentTarget.selectedOptions].map((each) => each.value) : event.currentTarget.value || null);
  const option = (each) => html`<option key=${each.value} value=${each.value} selected=${chosen.includes(each.value)}>${plain(each.text)}</option>`;
  const placeholder = plain(given.placeholder) || (given.type === "overflow" ? "⋯" : "Choose…");
  return html`
    <select ...${field} multiple=${several} aria-label=${field.id ? undefined : placeholder} onChange=${change}>
      ${!several && html`<option value="">${placeholder}</option>`}
      ${options.map(option)}
      ${(given.option_groups ?? []).map((group) => html`<optgroup label=${plain(group.label)}>${group.options.map(option)}</optgroup>`)}
    </select>`;
}

function external({ given, at, block, field, value, use }) {
  const [labels, setLabels] = useState([]);
  const id = `${at.key}-${block.block_id}-${given.action_id}-list`;
  const offer = async (event) => {
    const typed = event.currentTarget.value;
    if (typed.length >= (given.min_query_length ?? 3)) setLabels(await at.suggest(block, given, typed).catch(() => []));
  };
  const chosen = value.selected_option ? plain(value.selected_option.text) : "";
  return html`
    <input ...${field} list=${id} placeholder=${plain(given.placeholder)} defaultValue=${chosen} onInput=${offer} onChange=${(event) => use(event.currentTarget.value || null)} />
    <datalist id=${id}>${labels.map((label) => html`<option key=${label} value=${label} />`)}</datalist>`;
}

// @ts-check
// The combobox of WAI-ARIA, with a listbox that narrows while the person types.
/** @import * as T from "../types.js" */
import { useFloating } from "../widgets/floating.js";
import { html, useEffect, useElement, useId, useState } from "../ui.js";

/**
 * @typedef {Object} OptionsProps
 * @property {string} id
 * @property {string} label
 * @property {T.ComboGroup[]} groups
 * @property {number} active
 * @property {boolean} several
 * @property {boolean} full
 * @property {(option: T.ComboOption) => boolean} isChosen
 * @property {(option: T.ComboOption) => void} onChoose
 */

/** @param {T.ComboboxProps} props */
export function Combobox(props) {
  const { field, placeholder, several, chosen, clearable, busy, onSearch, onChange } = props;
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const [active, setActive] = useState(0);
  /** @type {T.Ref} */
  const box = useElement();
  /** @type {T.Ref<HTMLInputElement>} */
  const input = useElement();
  const id = useId();
  const groups = props.filters ? matching(props.groups, typed) : props.groups;
  const options = groups.flatMap((each) => each.options);
  const full = several && props.most !== undefined && chosen.length >= props.most;

  /** @param {T.ComboOption} option */
  const isChosen = (option) => chosen.some((each) => each.key === option.key);
  const show = () => {
    if (open) return;
    setOpen(true);
    setActive(several ? 0 : Math.max(0, options.findIndex(isChosen)));
    onSearch?.(typed ?? "");
  };
  // When the field loses the focus, typed text that wasn't chosen is dropped. A scroll only closes
  // the list.
  const hide = () => {
    setOpen(false);
    setTyped(null);
  };
  /** @param {T.FieldEvent} event */
  const search = (event) => {
    setTyped(event.currentTarget.value);
    setActive(0);
    setOpen(true);
    onSearch?.(event.currentTarget.value);
  };
  /** @param {T.ComboOption} option */
  const remove = (option) => onChange(chosen.filter((each) => each.key !== option.key));
  /** @param {T.ComboOption} option */
  const choose = (option) => {
    if (!several) {
      hide();
      return isChosen(option) || onChange([option]);
    }
    setTyped(null);
    if (isChosen(option)) return remove(option);
    return full || onChange([...chosen, option]);
  };
  /** @type {Record<string, false | (() => unknown)>} */
  const keys = {
    ArrowDown: () => (open ? setActive(Math.min(active + 1, options.length - 1)) : show()),
    ArrowUp: () => (open ? setActive(Math.max(active - 1, 0)) : show()),
    Enter: () => (open ? options[active] && choose(options[active]) : show()),
    Escape: open && hide,
    Backspace: several && !typed && chosen.length > 0 && (() => remove(chosen[chosen.length - 1])),
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    const does = !event.isComposing && !event.ctrlKey && !event.metaKey && keys[event.key];
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  };
  const words = several ? "" : (chosen[0]?.words ?? "");
  return html`
    <div class=${several ? "combobox several" : "combobox"} ref=${box} aria-busy=${busy}>
      ${
        several &&
        chosen.map(
          (each) => html`
            <${Chip}
              key=${each.key}
              option=${each}
              onRemove=${() => {
                remove(each);
                input.current.focus();
              }}
            />
          `,
        )
      }
      <input
        ref=${input}
        type="text"
        role="combobox"
        autocomplete="off"
        ...${field}
        aria-expanded=${open}
        aria-controls=${`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant=${open && options[active] ? `${id}-${active}` : undefined}
        placeholder=${several && chosen.length ? "" : placeholder}
        value=${typed ?? words}
        onInput=${search}
        onClick=${show}
        onFocus=${(/** @type {T.FieldEvent} */ event) => event.currentTarget.select()}
        onKeyDown=${pressed}
        onBlur=${hide}
      />
      ${
        clearable &&
        !several &&
        chosen.length > 0 &&
        html`
          <button type="button" class="icon clear" aria-label="Clear" onClick=${() => onChange([])}>
            ✕
          </button>
        `
      }
      ${!several && html`<span class="arrow" aria-hidden="true"></span>`}
      ${
        open &&
        html`
          <${Popup}
            key=${chosen.length}
            id=${id}
            anchor=${box}
            close=${() => setOpen(false)}
            label=${field["aria-label"] ?? placeholder}
            status=${props.status || said(options, full, props.most)}
            groups=${groups}
            active=${active}
            several=${several}
            full=${full}
            isChosen=${isChosen}
            onChoose=${choose}
          />
        `
      }
    </div>
  `;
}

/**
 * @param {T.ComboOption[]} options
 * @param {boolean} full
 * @param {number | undefined} most
 */
const said = (options, full, most) =>
  options.length === 0 ? "No results" : full ? `You can choose at most ${most}` : "";

/**
 * @param {T.ComboGroup[]} groups
 * @param {string | null} typed
 */
const matching = (groups, typed) => {
  const wanted = (typed ?? "").trim().toLowerCase();
  if (!wanted) return groups;
  /** @param {T.ComboOption} props */
  const fits = ({ words, detail }) => `${words} ${detail ?? ""}`.toLowerCase().includes(wanted);
  return groups
    .map((each) => ({ ...each, options: each.options.filter(fits) }))
    .filter((each) => each.options.length);
};

/** @param {{ option: T.ComboOption, onRemove: () => void }} props */
const Chip = ({ option, onRemove }) => html`
  <span class="chip">
    ${option.words}
    <button type="button" class="icon" aria-label=${`Remove ${option.words}`} onClick=${onRemove}>
      ✕
    </button>
  </span>
`;

/**
 * @param {{anchor: T.Ref, close: () => void, status: string, active: number} & OptionsProps} props
 */
function Popup({ anchor, close, status, active, ...rest }) {
  const box = useFloating(anchor, close);
  useEffect(
    () => box.current.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" }),
    [active],
  );
  useEffect(() => {
    // Close if the field scrolls away. A scroll event may belong to a scroll that ended before
    // this opened.
    const stood = anchor.current.getBoundingClientRect().top;
    const away = () => anchor.current?.getBoundingClientRect().top !== stood && close();
    addEventListener("scroll", away, { capture: true, passive: true });
    return () => removeEventListener("scroll", away, { capture: true });
  }, []);
  return html`
    <div
      class="floating options"
      ref=${box}
      popover="manual"
      style=${`min-width: ${anchor.current.offsetWidth}px`}
      onMouseDown=${(/** @type {Event} */ event) => event.preventDefault()}
    >
      <${Options} active=${active} ...${rest} />
      <p class="status quiet" role="status">${status}</p>
    </div>
  `;
}

/** @param {OptionsProps} props */
function Options({ id, label, groups, active, several, full, isChosen, onChoose }) {
  let count = 0;
  /** @param {T.ComboOption} option */
  const drawOption = (option) => {
    const index = count++;
    const chosen = isChosen(option);
    return html`
      <div
        role="option"
        id=${`${id}-${index}`}
        key=${option.key}
        class="option"
        data-active=${index === active || undefined}
        aria-selected=${chosen}
        aria-disabled=${full && !chosen}
        onClick=${() => onChoose(option)}
      >
        ${option.sign && html`<span class="sign" aria-hidden="true">${option.sign}</span>`}
        <span class="words">
          ${option.words}
          ${option.detail && html`<small>${option.detail}</small>`}
        </span>
        ${chosen && html`<span class="tick" aria-hidden="true">✓</span>`}
      </div>
    `;
  };
  return html`
    <div
      role="listbox"
      id=${`${id}-list`}
      aria-label=${label}
      aria-multiselectable=${several || undefined}
    >
      ${groups.map((group) =>
        group.label
          ? html`
            <div role="group" key=${group.label} aria-label=${group.label}>
              <p class="group" aria-hidden="true">${group.label}</p>
              ${group.options.map(drawOption)}
            </div>
          `
          : group.options.map(drawOption),
      )}
    </div>
  `;
}

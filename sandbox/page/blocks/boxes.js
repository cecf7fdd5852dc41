// @ts-check
// Checkboxes and radio buttons.
/** @import * as T from "../types.js" */
import { html, useId } from "../ui.js";
import { text } from "./mrkdwn.js";

/** @param {T.ElementProps} props */
export function Boxes({ given, field, at, value, use }) {
  const { options = [] } = given;
  const several = given.type === "checkboxes";
  const name = useId();
  const chosen = new Set(
    (several ? (value ?? []) : [value])
      .filter(Boolean)
      .map((/** @type {T.Option} */ each) => each.value),
  );
  /**
   * @param {T.Option} option
   * @param {boolean} on
   */
  const change = (option, on) => {
    if (!several) return use(option, option);
    // Slack reports chosen options in the order of the block.
    const now = options.filter((each) =>
      each.value === option.value ? on : chosen.has(each.value),
    );
    return use(now, now);
  };
  const { id, "aria-invalid": wrong, ...tied } = field;
  return html`
    <div
      class="boxes"
      role=${several ? "group" : "radiogroup"}
      id=${id}
      ...${tied}
      aria-labelledby=${id && `${id}-label`}
      aria-invalid=${several ? undefined : wrong}
    >
      ${options.map(
        (option) => html`
          <label key=${option.value}>
            <input
              type=${several ? "checkbox" : "radio"}
              name=${name}
              checked=${chosen.has(option.value)}
              onChange=${(/** @type {T.FieldEvent} */ event) =>
                change(option, event.currentTarget.checked)}
            />
            <span>
              ${text(option.text, at.names)}
              ${option.description && html`<small>${text(option.description, at.names)}</small>`}
            </span>
          </label>
        `,
      )}
    </div>
  `;
}

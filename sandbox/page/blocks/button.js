// @ts-check
// Buttons of every kind.
/** @import * as T from "../types.js" */
import { notice } from "../store.js";
import { html } from "../ui.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";

/** @param {T.ElementProps} props */
export function Button({ given, field, use, busy }) {
  const press = () => {
    if (given.url) window.open(given.url, "_blank", "noopener,noreferrer");
    use(null);
  };
  return html`
    <button
      type="button"
      class=${given.style ?? ""}
      aria-label=${given.accessibility_label}
      aria-describedby=${field["aria-describedby"]}
      aria-busy=${busy}
      onClick=${press}
    >
      ${plain(given.text)}
      ${given.url && html`<span class="sr-only"> (opens a link)</span>`}
    </button>
  `;
}

/** @param {T.ElementProps} props */
export const IconButton = ({ given, use, busy }) => html`
  <button
    type="button"
    class="icon"
    aria-label=${given.accessibility_label ?? plain(given.text)}
    title=${plain(given.text)}
    aria-busy=${busy}
    onClick=${() => use(null)}
  >
    ${icon(given.icon)}
  </button>
`;

/**
 * The button that starts a workflow; the app gets no event of it.
 * @param {T.ElementProps} props
 */
export const WorkflowButton = ({ given }) => html`
  <button
    type="button"
    class=${given.style ?? ""}
    aria-label=${given.accessibility_label}
    onClick=${() => notice("Workflows only run in Slack. Nothing was sent.")}
  >
    ${plain(given.text)}
  </button>
`;

/** @param {T.ElementProps} props */
export function FeedbackButtons({ given, use, busy }) {
  /**
   * @param {"positive_button" | "negative_button"} key
   * @param {string} name
   */
  const feedbackButton = (key, name) => {
    const button = given[key];
    if (!button) return null;
    return html`
      <button
        type="button"
        class="icon"
        aria-label=${button.accessibility_label ?? plain(button.text)}
        title=${plain(button.text)}
        aria-busy=${busy}
        onClick=${() => use(key)}
      >
        ${icon(name)}
      </button>
    `;
  };
  return html`
    <span class="feedback">
      ${feedbackButton("positive_button", "good")}${feedbackButton("negative_button", "bad")}
    </span>
  `;
}

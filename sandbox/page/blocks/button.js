// Buttons of every kind.
import { notice } from "../store.js";
import { html } from "../ui.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";

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

/** The button that starts a workflow; the app gets no event of it. */
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

export function FeedbackButtons({ given, use, busy }) {
  const one = (key, name) => html`
    <button
      type="button"
      class="icon"
      aria-label=${given[key].accessibility_label ?? plain(given[key].text)}
      title=${plain(given[key].text)}
      aria-busy=${busy}
      onClick=${() => use(key)}
    >
      ${icon(name)}
    </button>
  `;
  return html`
    <span class="feedback">${one("positive_button", "good")}${one("negative_button", "bad")}</span>
  `;
}

// Buttons of every kind.
import { notice } from "../store.js";
import { html } from "../ui.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";

export function button({ given, field, use, busy }) {
  const press = () => {
    if (given.url) window.open(given.url, "_blank", "noopener,noreferrer");
    use(null);
  };
  return html`
    <button type="button" class=${given.style ?? ""} aria-label=${given.accessibility_label} aria-describedby=${field["aria-describedby"]} aria-busy=${busy} onClick=${press}>
      ${plain(given.text)}${given.url && html`<span class="sr-only"> (opens a link)</span>`}
    </button>`;
}

export const iconButton = ({ given, use, busy }) => html`
  <button type="button" class="icon" aria-label=${given.accessibility_label ?? plain(given.text)} title=${plain(given.text)} aria-busy=${busy} onClick=${() => use(null)}>
    ${icon(given.icon)}
  </button>`;

/** A button that starts a workflow, which is nothing that an app hears of. */
export const workflowButton = ({ given }) => html`
  <button type="button" class=${given.style ?? ""} aria-label=${given.accessibility_label} onClick=${() => notice("Workflows run in Slack alone; nothing was sent.")}>
    ${plain(given.text)}
  </button>`;

export function feedbackButtons({ given, use, busy }) {
  const one = (key, name) => html`
    <button type="button" class="icon" aria-label=${given[key].accessibility_label ?? plain(given[key].text)} title=${plain(given[key].text)} aria-busy=${busy} onClick=${() => use(key)}>
      ${icon(name)}
    </button>`;
  return html`<span class="feedback">${one("positive_button", "good")}${one("negative_button", "bad")}</span>`;
}

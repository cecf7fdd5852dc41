// @ts-check
// All of Block Kit side by side, as messages, modals and the Home tab show it. Nothing here
// reaches a workspace.
/** @import * as T from "../types.js" */
import { names } from "../names.js";
import { current, watch } from "../store.js";
import { html, pure, render, useState } from "../ui.js";
import { standing } from "./standing.js";
import { draw } from "../blocks/draw.js";

/**
 * @typedef {Object} Sample
 * @property {string} name
 * @property {string} about
 * @property {string} group
 * @property {string[]} surfaces
 * @property {T.Block[]} blocks
 */

/** @typedef {Pick<T.State, "people" | "channels" | "app">} FixtureState */
/** @typedef {FixtureState & { me: string, items: Sample[] }} Fixture */

const SURFACES = { message: "Message", modal: "Modal", home: "Home" };

/** @param {{ fixture: Fixture, known: T.Names }} props */
function Kit({ fixture, known }) {
  const [wanted, setWanted] = useState("");
  const words = wanted.trim().toLowerCase();
  const shown = fixture.items.filter((each) =>
    `${each.name} ${each.about}`.toLowerCase().includes(words),
  );
  return html`
    <header class="kit-head">
      <h1>Block Kit</h1>
      <label>
        <span class="sr-only">Filter by name</span>
        <input
          type="search"
          placeholder="Filter by name"
          value=${wanted}
          onInput=${(/** @type {T.FieldEvent} */ event) => setWanted(event.currentTarget.value)}
        />
      </label>
      <p class="quiet" role="status">${shown.length} of ${fixture.items.length}</p>
      <a href="./">Back to the workspace</a>
    </header>
    <main class="kit-list">
      ${Object.entries(Object.groupBy(shown, (each) => each.group)).map(
        ([group, items]) => html`
          <section key=${group} aria-label=${group}>
            <h2>${group}</h2>
            ${items?.map(
              (each) => html`<${KitItem} key=${each.name} sample=${each} known=${known} />`,
            )}
          </section>
        `,
      )}
      ${!shown.length && html`<p class="quiet centre">No block matches.</p>`}
    </main>
  `;
}

const KitItem = pure(
  (/** @type {{ sample: Sample, known: T.Names }} */ { sample, known }) => html`
    <article class="kit-item" aria-label=${sample.name}>
      <header><h3>${sample.name}</h3><p class="quiet">${sample.about}</p></header>
      <div class="kit-row">
        ${Object.entries(SURFACES).map(
          ([surface, label]) => html`
            <${Rendering}
              key=${surface}
              surface=${surface}
              label=${label}
              sample=${sample}
              known=${known}
            />
          `,
        )}
      </div>
      <details><summary>JSON</summary><pre>${JSON.stringify(sample.blocks, null, 2)}</pre></details>
    </article>
  `,
);

/** @param {{ surface: string, label: string, sample: Sample, known: T.Names }} props */
function Rendering({ surface, label, sample, known }) {
  const [sent, setSent] = useState("");
  if (!sample.surfaces.includes(surface))
    return html`
      <section class="kit-face none" aria-label=${label}>
        <p class="quiet">${label}: not supported</p>
      </section>
    `;
  const at = standing({ surface, key: `${surface}-${sample.name}`, known, tell: setSent });
  return html`
    <section class=${`kit-face in-${surface}`} aria-label=${label}>
      <p class="kit-label">${label}</p>
      <div class="kit-blocks">${draw(sample.blocks, at)}</div>
      <output class="kit-sent">${sent}</output>
    </section>
  `;
}

const answer = await fetch(new URL("kit.json", import.meta.url));
/** @type {Fixture} */
const fixture = await answer.json();

function show() {
  const { people, channels, app, me } = fixture;
  const known = names({ people, channels, app, place: { user: me }, emoji: current().emoji });
  render(html`<${Kit} fixture=${fixture} known=${known} />`, document.body);
}

watch(show);
show();

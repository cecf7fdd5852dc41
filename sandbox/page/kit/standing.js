// Where the blocks of the page stand: what is used there is told in words, is kept by the element, and goes nowhere.
import { holds } from "../blocks/elements.js";

const said = (block, element, choice) => `${block.block_id}/${element.action_id} → ${choice === null ? "pressed" : JSON.stringify(choice)}`;

// What an app would offer for what is typed.
const OFFERED = ["Rollback", "Night shift", "Payments down"].map((words, index) => ({ text: { type: "plain_text", text: words }, value: `DEC-${index + 1}` }));

/** Return the `at` of blocks on a surface; `tell` is given what would be sent. */
export const standing = ({ surface, key, known, tell }) => ({
  names: known,
  surface,
  key,
  values: {},
  errors: {},
  files: false,
  use(block, element, choice) {
    tell(said(block, element, choice));
    const [value] = holds(element.type);
    // Rich text is typed as markup, and only the workspace makes it what it is.
    return element.type === "rich_text_input" ? undefined : { [value]: choice };
  },
  type(block, element, typed, told) {
    tell(said(block, element, typed));
    told(element.type === "rich_text_input" ? undefined : { value: typed });
  },
  leave() {},
  suggest: (block, element, typed) => ({ options: OFFERED.filter((each) => each.text.text.toLowerCase().includes(typed.toLowerCase())) }),
});

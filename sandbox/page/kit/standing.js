// @ts-check
// The surface of the blocks in the kit: using an element shows what would be sent, and sends
// nothing.
/** @import * as T from "../types.js" */
import { holds } from "../blocks/elements.js";

/**
 * @param {T.Block} block
 * @param {T.BlockElement} element
 * @param {T.Choice} choice
 */
const describe = (block, element, choice) => {
  const act = choice === null ? "pressed" : JSON.stringify(choice);
  return `${block.block_id}/${element.action_id} → ${act}`;
};

// The options that an app would return for an external select.
const OFFERED = ["Rollback", "Night shift", "Payments down"].map((words, index) => ({
  text: { type: "plain_text", text: words },
  value: `DEC-${index + 1}`,
}));

/**
 * Return the surface for blocks; `tell` is called with what would be sent.
 * @param {Object} props
 * @param {string} props.surface
 * @param {string} props.key
 * @param {T.Names} props.known
 * @param {(words: string) => void} props.tell
 * @returns {T.Surface}
 */
export const standing = ({ surface, key, known, tell }) => ({
  names: known,
  surface,
  key,
  values: {},
  errors: {},
  files: false,
  use(block, element, choice) {
    tell(describe(block, element, choice));
    const [value] = holds(element.type);
    // Rich text is typed as markup, which only the workspace can convert.
    return element.type === "rich_text_input" ? undefined : { [value]: choice };
  },
  type(block, element, typed, told) {
    tell(describe(block, element, typed));
    told(element.type === "rich_text_input" ? undefined : { value: typed });
  },
  leave() {},
  suggest: (_block, _element, typed) => ({
    options: OFFERED.filter((each) => each.text.text.toLowerCase().includes(typed.toLowerCase())),
  }),
});

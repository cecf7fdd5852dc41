// Where the blocks of the page stand: what is used there is told in words, and goes nowhere.

const said = (block, element, choice) => `${block.block_id}/${element.action_id} → ${choice === null ? "pressed" : JSON.stringify(choice)}`;

/** Return the `at` of blocks on a surface; `tell` is given what would be sent. */
export function standing({ surface, key, known, tell }) {
  return {
    names: known,
    surface,
    key,
    values: {},
    errors: {},
    files: false,
    use: (block, element, choice) => tell(said(block, element, choice)),
    type: (block, element, typed) => tell(said(block, element, typed)),
    leave: () => {},
    suggest: (block, element, typed) => OFFERED.filter((each) => each.text.text.toLowerCase().includes(typed.toLowerCase())),
  };
}

const OFFERED = ["Rollback", "Night shift", "Payments down"].map((words, index) => ({ text: { type: "plain_text", text: words }, value: `DEC-${index + 1}` }));

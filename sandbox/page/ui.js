// What every part is made of: elements as templates, and parts that are drawn anew only when what they are given changes.
import { Component, h, render } from "preact";
import htm from "htm";
import { useState } from "preact/hooks";

export { render };
export * from "preact/hooks";
export const html = htm.bind(h);

let counted = 0;

/** Return an id that no other element has. Preact's own begins to count anew whenever the whole page is drawn. */
export const useId = () => useState(() => `id-${(counted += 1)}`)[0];

/** Return a component that is drawn again only when one of its properties is another value. */
export function pure(draw) {
  return class extends Component {
    shouldComponentUpdate(next) {
      const keys = new Set([...Object.keys(next), ...Object.keys(this.props)]);
      return [...keys].some((key) => next[key] !== this.props[key]);
    }
    render(props) {
      return draw(props);
    }
  };
}

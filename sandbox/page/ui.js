// Templates, hooks and components that all parts of the page use.
import { Component, h, render } from "preact";
import htm from "htm";
import { useState } from "preact/hooks";

export { render };
export * from "preact/hooks";
export const html = htm.bind(h);

let counted = 0;

/** Return a unique element id. Preact's own ids restart whenever the whole page is drawn. */
export const useId = () =>
  useState(() => {
    counted += 1;
    return `id-${counted}`;
  })[0];

/** Return a component that is drawn again only if one of its properties changes. */
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

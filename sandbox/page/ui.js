// @ts-check
// Templates, hooks and components that all parts of the page use.
/** @import * as T from "./types.js" */
import { Component, h, render } from "preact";
import htm from "htm";
import { useRef, useState } from "preact/hooks";

export { render };
export * from "preact/hooks";
export const html = htm.bind(h);

/**
 * Return a ref to an element. Preact sets it before any effect or handler runs, so it needs no
 * check for null there.
 * @returns {any} A ref to the kind of element that the variable declares.
 */
export const useElement = () => useRef(null);

let counted = 0;

/** Return a unique element id. Preact's own ids restart whenever the whole page is drawn. */
export const useId = () =>
  useState(() => {
    counted += 1;
    return `id-${counted}`;
  })[0];

/**
 * Return a component that is drawn again only if one of its properties changes.
 * @template {Record<string, any>} P Each component has its own properties.
 * @param {(props: P) => T.Drawn} draw
 */
export function pure(draw) {
  /** @extends {Component<P>} */
  return class extends Component {
    /** @param {P} next */
    shouldComponentUpdate(next) {
      const keys = new Set([...Object.keys(next), ...Object.keys(this.props)]);
      return [...keys].some((key) => next[key] !== /** @type {P} */ (this.props)[key]);
    }
    /** @param {P} props */
    render(props) {
      return draw(props);
    }
  };
}

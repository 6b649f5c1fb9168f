// @ts-check

/**
 * Painting: one function from state to template, run again when something changed.
 */

import { html, nothing, render, svg } from 'lit-html'
import { Directive, directive } from 'lit-html/directive.js'
import { live } from 'lit-html/directives/live.js'
import { repeat } from 'lit-html/directives/repeat.js'

export { html, svg, nothing, live, repeat }

/** @typedef {import('lit-html').TemplateResult | typeof nothing | string | number | null | undefined} Piece */
/** @typedef {Piece | Piece[] | unknown} Content */

/**
 * @param {HTMLElement} root
 * @param {() => Content} template
 */
export function mountView(root, template) {
  let queued = false
  const paint = () => {
    queued = false
    render(template(), root)
  }
  root.replaceChildren()
  delete (/** @type {any} */ (root)['_$litPart$']) // of a view that was here before: its marks are gone
  paint()
  return {
    /** Paint soon; calls in the same turn make one painting. */
    update() {
      if (queued) return
      queued = true
      queueMicrotask(paint)
    },
    /** Paint now, for code that measures or focuses right after. */
    now: paint,
  }
}

class CssVars extends Directive {
  /** @param {Record<string, string>} _vars */
  render(_vars) {
    return nothing
  }

  /**
   * @override
   * @param {any} part
   * @param {[Record<string, string>]} args
   */
  update(part, [vars]) {
    for (const [name, value] of Object.entries(vars)) part.element.style.setProperty(name, value)
    return nothing
  }
}

/**
 * Custom properties on an element without a style attribute, which the content policy refuses:
 * html`<div ${cssVars({ '--brand': colour })}>`.
 */
export const cssVars = directive(CssVars)

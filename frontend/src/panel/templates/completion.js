// @ts-check

/** What to offer while somebody types inside `{{ }}`: pure, so that it can be tested. */

/** @import { Variable } from './contract.js' */

/** @typedef {{ insert: string, label: string, about: string }} Suggestion */

export const MOST = 8

/**
 * The part of a placeholder that is being typed at the caret.
 * @param {string} text
 * @param {number} caret
 * @returns {{ from: number, typed: string, filter: boolean, variable: string } | null}  Null: the
 *   caret is in no placeholder. `from` is where what is typed begins.
 */
export function beingTyped(text, caret) {
  const before = text.slice(0, caret)
  const open = before.lastIndexOf('{{')
  if (open < 0) return null
  const inside = before.slice(open + 2)
  if (inside.includes('}}') || inside.includes('\n')) return null
  const pipe = inside.lastIndexOf('|')
  if (pipe >= 0) {
    const typed = inside.slice(pipe + 1).trimStart()
    return { from: caret - typed.length, typed, filter: true, variable: inside.slice(0, pipe).trim() }
  }
  const typed = inside.trimStart()
  return { from: caret - typed.length, typed, filter: false, variable: '' }
}

/**
 * Variables that fit what was typed: those that begin with it, then those that hold it in their
 * name or meaning.
 * @param {NonNullable<ReturnType<typeof beingTyped>>} typing
 * @param {Variable[]} variables
 * @returns {Suggestion[]}
 */
export function suggestions(typing, variables) {
  if (typing.filter) {
    const variable = variables.find(({ name }) => name === typing.variable)
    return (variable?.filters ?? [])
      .filter((name) => name.startsWith(typing.typed))
      .map((name) => ({ insert: name, label: name, about: '' }))
  }
  const wanted = fold(typing.typed)
  const options = variables.flatMap(({ name, about, fields }) => (fields.length === 0
    ? [{ insert: name, label: name, about }]
    : fields.map((field) => ({ insert: `debt.${field}`, label: `debt.${field}`, about }))))
  const begin = options.filter(({ label }) => fold(label).startsWith(wanted))
  const hold = options.filter((one) => !begin.includes(one) && fold(`${one.label} ${one.about}`).includes(wanted))
  return [...begin, ...hold].slice(0, MOST)
}

/**
 * The text with a suggestion taken, the placeholder closed, and where the caret goes.
 * @param {string} text @param {number} caret
 * @param {{ from: number }} typing @param {string} insert
 * @returns {{ text: string, caret: number }}
 */
export function taken(text, caret, typing, insert) {
  const before = text.slice(0, typing.from)
  const after = text.slice(caret)
  const lead = before.endsWith('{{') || before.endsWith('|') ? ' ' : ''
  const close = /^[ \t]*\}\}/.test(after) ? '' : ' }}'
  const start = `${before}${lead}${insert}`
  return { text: `${start}${close}${after}`, caret: start.length + close.length }
}

/** @param {string} text */
function fold(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

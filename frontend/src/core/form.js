// @ts-check

import { newKey } from './api.js'
import { tOr } from './i18n.js'
import { asProblem } from './problem.js'

/** @import { Problem } from './problem.js' */

/**
 * What a form holds: values, the errors beside fields, whether it is being sent.
 *
 * One Idempotency-Key lasts until the server has answered for good, so that a second press after
 * a lost connection is the same act and not a second one.
 *
 * @template {object} Values
 */
export class Form {
  #initial
  #key = newKey()
  #onChange

  /**
   * @param {Values} values
   * @param {() => void} onChange  Paints again.
   */
  constructor(values, onChange) {
    this.values = structuredClone(values)
    this.#initial = structuredClone(values)
    this.#onChange = onChange
    /** @type {Record<string, string>} */
    this.errors = {}
    /** @type {Problem | null} */
    this.problem = null
    this.busy = false
  }

  get dirty() {
    return JSON.stringify(this.values) !== JSON.stringify(this.#initial)
  }

  /**
   * @template {keyof Values & string} Name
   * @param {Name} name
   * @param {Values[Name]} value
   */
  set(name, value) {
    this.values[name] = value
    delete this.errors[name]
    this.#onChange()
  }

  /**
   * Change nested values in place. @param {(values: Values) => void} mutate
   * @param {string} [name]  Whose error no longer stands.
   */
  change(mutate, name) {
    mutate(this.values)
    if (name !== undefined) delete this.errors[name]
    this.#onChange()
  }

  /**
   * Take in what the server changed by another way: it is not the reader's edit, so what they
   * have typed stays and nothing becomes unsaved by it.
   * @param {(values: Values) => void} mutate
   */
  absorb(mutate) {
    mutate(this.values)
    mutate(this.#initial)
    this.#onChange()
  }

  /** Start over from these values, as after saving. @param {Values} values */
  reset(values) {
    this.values = structuredClone(values)
    this.#initial = structuredClone(values)
    this.errors = {}
    this.problem = null
    this.#key = newKey()
    this.#onChange()
  }

  /** Back to the values it started from. */
  revert() {
    this.reset(this.#initial)
  }

  /**
   * Send it. A refusal naming a field is put beside that field, any other above the form.
   *
   * @template T
   * @param {(values: Values, key: string) => Promise<T>} send
   * @param {(values: Values) => Record<string, string | null | undefined>} [check]  Errors by
   *   field name, found before sending.
   * @returns {Promise<T | undefined>}  Undefined when it was refused.
   */
  async submit(send, check = () => ({})) {
    if (this.busy) return undefined
    this.errors = {}
    for (const [name, error] of Object.entries(check(this.values))) {
      if (error) this.errors[name] = error
    }
    this.problem = null
    if (Object.keys(this.errors).length > 0) {
      this.#onChange()
      focusFirstError()
      return undefined
    }
    this.busy = true
    this.#onChange()
    try {
      const answer = await send(this.values, this.#key)
      this.#key = newKey()
      return answer
    } catch (error) {
      this.#refused(asProblem(error))
      return undefined
    } finally {
      this.busy = false
      this.#onChange()
    }
  }

  /** @param {Problem} problem */
  #refused(problem) {
    // The server has the last word on anything it answered: the next press is a new act.
    if (problem.status >= 400 && problem.status < 500) this.#key = newKey()
    const field = problem.details.field
    const name = typeof field === 'string' ? controlFor(field, this.values) : undefined
    if (name !== undefined) {
      this.errors[name] = tOr(`errors.reason.${problem.details.reason}`, problem.text)
      focusFirstError()
    } else {
      this.problem = problem
    }
  }
}

/**
 * The control a refusal is about: one of the form's values, or one named by the dotted path.
 * @param {string} field
 * @param {object} values
 */
function controlFor(field, values) {
  if (document.getElementById(field) !== null) return field
  return Object.keys(values).find((known) => known === field || field.endsWith(`.${known}`))
}

/** Take the reader to the first field that needs them, once it is painted. */
export function focusFirstError() {
  setTimeout(() => {
    const field = /** @type {HTMLElement | null} */ (document.querySelector('[aria-invalid="true"]'))
    field?.focus()
  })
}

// @ts-check

/** @import { Api } from '../core/api.js' */
/** @import { Portfolio } from '../core/contract.js' */
/** @import { Problem } from '../core/problem.js' */

import { latest } from '../core/latest.js'
import { asProblem } from '../core/problem.js'

/**
 * A list of one portfolio as a page of the panel keeps it: what was loaded so far, where the next
 * page starts, and what went wrong. An answer that comes after another portfolio, tab or filter was
 * picked is left aside.
 *
 * @template T
 */
export class PortfolioList {
  /** @type {T[] | null}  Null until the first answer. */
  items = null
  /** @type {string | null} */
  cursor = null
  busy = false
  /** @type {Problem | null} */
  problem = null
  #api
  #path
  #paint
  #ask = latest()

  /**
   * @param {object} parts
   * @param {Pick<Api, 'get'>} parts.api
   * @param {Portfolio | null} parts.portfolio
   * @param {(portfolio: Portfolio) => string} parts.path
   * @param {() => void} parts.paint  Called whenever something of this has changed.
   */
  constructor({ api, portfolio, path, paint }) {
    this.portfolio = portfolio
    this.#api = api
    this.#path = path
    this.#paint = paint
  }

  /** @param {{ more?: boolean }} [how] */
  async load({ more = false } = {}) {
    const current = this.#ask()
    const asked = this.portfolio
    this.busy = asked !== null
    if (asked === null) return
    this.problem = null
    this.#paint()
    try {
      const { items, cursor } = await this.#api.get(this.#path(asked), { query: { cursor: more ? this.cursor : null } })
      if (!current()) return
      this.items = more ? [...(this.items ?? []), ...items] : items
      this.cursor = cursor
    } catch (error) {
      if (!current()) return
      this.problem = asProblem(error)
    }
    this.busy = false
    this.#paint()
  }

  /** @param {Portfolio | null} portfolio */
  pick(portfolio) {
    this.portfolio = portfolio
    this.items = null
    this.cursor = null
    void this.load()
  }
}

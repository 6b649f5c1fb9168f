// @ts-check

/** The strategy and step behind a message, by the names people gave them. */

/** @import { Context } from './shell.js' */
/** @import { Step, Strategy } from './strategies/contract.js' */

import { t, tn, tOr } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { PARAM } from './chosen-portfolio.js'

/** When a step is due. @param {Pick<Step, 'trigger'>} step */
export function whenWords({ trigger: { kind, days, event } }) {
  if (kind === 'previous') return tn('steps.when.previous', days)
  const point = kind === 'event' ? tOr(`steps.event.${event}`, event ?? '') : t('steps.when.due')
  if (days === 0) return t('steps.when.on', { point })
  return tn(days < 0 ? 'steps.when.before' : 'steps.when.after', Math.abs(days), { point })
}

/** Strategies as messages name them (`id@version`), read when first asked for. */
export class StrategyNames {
  /** @type {Map<string, Strategy[]>} */
  #known = new Map()
  #api
  #portfolioId
  #paint

  /** @param {{ api: Context['api'], portfolioId: string, paint: () => void }} own */
  constructor({ api, portfolioId, paint }) {
    this.#api = api
    this.#portfolioId = portfolioId
    this.#paint = paint
  }

  /**
   * Null until it is read, and for a strategy that nobody may see.
   * @param {string} reference @param {string} step  Its code.
   * @returns {{ name: string, version: string, step: string, href: string } | null}
   */
  of(reference, step) {
    const [id, version] = reference.split('@')
    if (version === undefined) return null
    const found = this.#read(id).find((one) => one.version === Number(version))
    if (found === undefined) return null
    const own = found.steps.find(({ code }) => code === step)
    return {
      name: found.name, version, step: own ? whenWords(own) : step,
      href: pathTo('strategies', { [PARAM]: this.#portfolioId, id }),
    }
  }

  /** @param {string} id */
  #read(id) {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    this.#known.set(id, [])
    void this.#ask(id)
    return []
  }

  /** @param {string} id */
  async #ask(id) {
    try {
      const { items } = await this.#api.get(`/portfolios/${this.#portfolioId}/strategies/${encodeURIComponent(id)}`)
      this.#known.set(id, items)
      this.#paint()
    } catch {
      // Its id and the step's code are shown, as they are on record.
    }
  }
}

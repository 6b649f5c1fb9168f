// @ts-check

/**
 * `@name` in a note: who may see the case is offered while it is typed, and picked by keyboard.
 * Loaded with the first `@`. Works on any textarea; the form around it passes its events on.
 */

/** @import { Api } from '../../core/api.js' */
/** @import { Colleague } from '../tasks/contract.js' */

import { t } from '../../core/i18n.js'
import { html, nothing } from '../../core/view.js'

const SHOWN = 6
const BOX = 'mentions'

/**
 * What is typed after the last `@` before the caret; null: nobody is being named.
 * @param {string} before  The text up to the caret.
 */
export function typedName(before) {
  return /(?:^|[\s(])@([\p{L}\p{N}.'-]*(?: [\p{L}\p{N}.'-]+)?)$/u.exec(before)?.[1] ?? null
}

/**
 * Those whose name, or a word of it, begins with what was typed.
 * @param {Colleague[]} people @param {string} typed
 */
export function matching(people, typed) {
  const wanted = folded(typed)
  return people.filter(({ name }) => {
    const known = folded(name)
    return known.startsWith(wanted) || known.split(' ').some((word) => word.startsWith(wanted))
  }).slice(0, SHOWN)
}

/** Ids of the people whom a text names, of those who were picked. @param {string} text @param {Iterable<Colleague>} picked */
export function mentioned(text, picked) {
  return [...new Set([...picked].filter(({ name }) => text.includes(`@${name}`)).map(({ person_id: id }) => id))]
}

/** @param {string} text */
function folded(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase().trim()
}

export class Mentions {
  /** @type {Colleague[] | null} */
  #people = null
  /** @type {Map<string, Colleague>} */
  #picked = new Map()
  /** @type {HTMLTextAreaElement | null} */
  #area = null
  /** @type {string | null} */
  #typed = null
  #at = 0
  #api
  #path
  #write
  #paint

  /**
   * @param {object} parts
   * @param {Pick<Api, 'get'>} parts.api
   * @param {string} parts.portfolioId
   * @param {(text: string) => void} parts.write  The note's text has changed.
   * @param {() => void} parts.paint
   */
  constructor({ api, portfolioId, write, paint }) {
    this.#api = api
    this.#path = `/portfolios/${encodeURIComponent(portfolioId)}/colleagues`
    this.#write = write
    this.#paint = paint
  }

  get #found() {
    return this.#typed === null ? [] : matching(this.#people ?? [], this.#typed)
  }

  /** Something was typed. @param {HTMLTextAreaElement} area */
  async typed(area) {
    this.#area = area
    this.#look()
    if (this.#people !== null) return
    this.#people = []
    this.#people = await this.#api.get(this.#path).then(({ items }) => items, () => null)
    this.#look()
  }

  /** A key was pressed in the note: move, pick or leave while names are offered. @param {KeyboardEvent} event */
  key(event) {
    const found = this.#found
    if (found.length === 0) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) this.#at = (this.#at + step + found.length) % found.length
    else if (event.key === 'Enter' || event.key === 'Tab') this.#pick(found[this.#at])
    else if (event.key === 'Escape') this.#typed = null
    else return
    event.preventDefault()
    event.stopPropagation()
    this.#mark()
  }

  /** Whom a text names. @param {string} text */
  of(text) {
    return mentioned(text, this.#picked.values())
  }

  #look() {
    const area = this.#area
    this.#typed = area === null ? null : typedName(area.value.slice(0, area.selectionEnd))
    this.#at = 0
    this.#mark()
  }

  /** @param {Colleague} person */
  #pick(person) {
    const area = this.#area
    if (area === null || this.#typed === null) return
    const end = area.selectionEnd
    const from = end - this.#typed.length
    area.setRangeText(`${person.name} `, from, end, 'end')
    this.#picked.set(person.person_id, person)
    this.#typed = null
    this.#write(area.value)
    area.focus()
    this.#mark()
  }

  /** Say to who cannot see it what is offered, and which one is marked. */
  #mark() {
    const found = this.#found
    const area = this.#area
    area?.setAttribute('aria-autocomplete', 'list')
    if (found.length > 0) {
      area?.setAttribute('aria-controls', BOX)
      area?.setAttribute('aria-activedescendant', `${BOX}-${this.#at}`)
    } else {
      area?.removeAttribute('aria-controls')
      area?.removeAttribute('aria-activedescendant')
    }
    this.#paint()
  }

  view() {
    const found = this.#found
    const nobody = found.length === 0 && this.#people !== null && this.#people.length > 0 && (this.#typed ?? '').length > 1
    return html`${found.length > 0 ? html`<ul class="mention-list" id=${BOX} role="listbox" aria-label=${t('tasks.mention_whom')}>${found.map((person, at) => html`<li
      id="${BOX}-${at}" role="option" aria-selected=${at === this.#at ? 'true' : 'false'}
      @pointerdown=${(/** @type {Event} */ event) => { event.preventDefault(); this.#pick(person) }}>${person.name}</li>`)}</ul>` : nothing}
      <p class="hint" role="status">${nobody ? t('tasks.mention_nobody') : ''}</p>`
  }
}

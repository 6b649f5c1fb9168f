// @ts-check

/**
 * One control for each kind of question that is typed or tapped. What needs a device (camera,
 * position, drawing) is in `render-devices.js`.
 */

import { t } from '../i18n.js'
import { html, live, nothing, repeat } from '../view.js'
import { deviceControl } from './render-devices.js'
import { marked, said } from './render-words.js'
import { numberOf, textOf } from './values.js'

/** @import { Content } from '../view.js' */
/** @import { Filling } from './filling.js' */
/** @import { Choice } from './form' */
/** @import { Hooks } from './render.js' */
/** @import { Node } from './tree.js' */

/**
 * What a control needs of the questionnaire it stands in.
 * @typedef {object} Sheet
 * @property {Filling} filling
 * @property {string} language
 * @property {Hooks} hooks
 * @property {(node: Node) => string} id
 * @property {(node: Node) => string | typeof nothing} described  Ids of hint and error.
 * @property {(node: Node) => boolean} bad  Whether its error is shown.
 * @property {(node: Node, value: string) => void} answer
 * @property {(node: Node) => void} leave  The agent went on: say what is wrong with it.
 * @property {Map<Node, string>} typed  What stands in a field that could not be kept as typed.
 * @property {Map<Node, string>} sought  What is looked for among many choices.
 * @property {Set<Node>} busy  Questions whose device is at work.
 * @property {Set<Node>} failed  Questions whose device could not.
 * @property {(name: string) => string | undefined} urlOf  Of a file; undefined while it is looked for.
 * @property {() => void} paint
 */

/** More choices than this get a search; of more than a screenful, only so many are drawn. */
const MANY = 12
const DRAWN = 40
const CHIPS = 11

/** Whether the control is one field that a label can name. @param {Node} node */
export function isOneField({ item }) {
  if (item.kind === 'range') return !isShort(item)
  if (item.kind === 'select_one') return !!item.appearance?.includes('minimal')
  return ['text', 'integer', 'decimal', 'date', 'time', 'datetime', 'barcode', 'acknowledge'].includes(item.kind ?? '')
}

/** @param {Node} node @param {Sheet} sheet @returns {Content} */
export function control(node, sheet) {
  const { item } = node
  if (item.read_only || item.calculate) return html`<output id=${sheet.id(node)} class="ask-given">${given(node, sheet)}</output>`
  switch (item.kind) {
    case 'integer':
    case 'decimal':
      return numberControl(node, sheet)
    case 'date':
      return dateControl(node, sheet)
    case 'time':
      return field(node, sheet, { type: 'time' })
    case 'datetime':
      return field(node, sheet, { type: 'datetime-local' })
    case 'range':
      return isShort(item) ? chips(node, sheet) : slider(node, sheet)
    case 'select_one':
      return isOneField(node) ? dropDown(node, sheet) : cards(node, sheet, 'radio')
    case 'select_multiple':
      return cards(node, sheet, 'checkbox')
    case 'rank':
      return ranking(node, sheet)
    case 'acknowledge':
      return html`<label class="ask-card"><input id=${sheet.id(node)} type="checkbox" .checked=${live(node.value === 'OK')}
        aria-invalid=${sheet.bad(node) ? 'true' : nothing} aria-describedby=${sheet.described(node)}
        @change=${(/** @type {any} */ event) => sheet.answer(node, event.target.checked ? 'OK' : '')}><span>${t('filling.acknowledge')}</span></label>`
    case 'text':
      return textControl(node, sheet)
    default:
      return deviceControl(node, sheet)
  }
}

/** @param {Node} node @param {Sheet} sheet */
function given(node, sheet) {
  if (node.value === '') return '—'
  if (!node.item.list) return node.value
  const chosen = new Set(node.value.split(' '))
  const rows = sheet.filling.form.lists[node.item.list].filter((choice) => chosen.has(choice.name))
  return rows.map((choice) => said(sheet.filling, choice.label, node, sheet.language)).join(', ') || node.value
}

/**
 * @param {Node} node
 * @param {Sheet} sheet
 * @param {{ type?: string, inputmode?: string, kept?: (typed: string) => string, value?: string, autocomplete?: string }} facts
 */
export function field(node, sheet, { type = 'text', inputmode, kept, value = node.value }) {
  const typed = sheet.typed.get(node)
  const shown = typed !== undefined && (kept?.(typed) ?? typed) === node.value ? typed : value
  return html`<input id=${sheet.id(node)} type=${type} inputmode=${inputmode ?? nothing} autocomplete="off" enterkeyhint="next"
    .value=${live(shown)} aria-required=${sheet.filling.required(node) ? 'true' : nothing}
    aria-invalid=${sheet.bad(node) ? 'true' : nothing} aria-describedby=${sheet.described(node)}
    @input=${(/** @type {any} */ event) => {
      const text = event.target.value
      sheet.typed.set(node, text)
      sheet.answer(node, kept ? kept(text) : text)
    }} @change=${() => sheet.leave(node)}>`
}

/** @param {Node} node @param {Sheet} sheet */
function textControl(node, sheet) {
  const looks = node.item.appearance ?? []
  if (looks.includes('numbers')) return field(node, sheet, { inputmode: 'numeric' })
  if (!looks.some((look) => look.startsWith('multi'))) return field(node, sheet, {})
  return html`<textarea id=${sheet.id(node)} rows="3" .value=${live(node.value)}
    aria-required=${sheet.filling.required(node) ? 'true' : nothing}
    aria-invalid=${sheet.bad(node) ? 'true' : nothing} aria-describedby=${sheet.described(node)}
    @input=${(/** @type {any} */ event) => sheet.answer(node, event.target.value)} @change=${() => sheet.leave(node)}></textarea>`
}

/** Figures as people type them: blanks between thousands, a comma for the decimals. @param {Node} node @param {Sheet} sheet */
function numberControl(node, sheet) {
  const whole = node.item.kind === 'integer'
  return field(node, sheet, {
    inputmode: whole ? 'numeric' : 'decimal',
    kept: (typed) => {
      const text = typed.replace(/\s/g, '')
      return whole || text.includes('.') ? text : text.replace(',', '.')
    },
  })
}

/** @param {Node} node @param {Sheet} sheet */
function dateControl(node, sheet) {
  const looks = node.item.appearance ?? []
  if (looks.includes('year')) {
    return field(node, sheet, {
      inputmode: 'numeric',
      value: node.value.slice(0, 4),
      kept: (typed) => (/^\d{4}$/.test(typed) ? `${typed}-01-01` : typed),
    })
  }
  if (looks.includes('month-year')) {
    return field(node, sheet, {
      type: 'month',
      value: node.value.slice(0, 7),
      kept: (typed) => (typed === '' ? '' : `${typed}-01`),
    })
  }
  return field(node, sheet, { type: 'date' })
}

/** @param {import('./form').Item | Partial<import('./form').Item>} item */
function bounds(item) {
  const given = item.parameters ?? {}
  const start = numberOf(given.start ?? '1')
  const end = numberOf(given.end ?? '10')
  const step = Math.abs(numberOf(given.step ?? '1')) || 1
  return { start, end, step, low: Math.min(start, end), high: Math.max(start, end) }
}

/** @param {Partial<import('./form').Item>} item */
function isShort(item) {
  const { low, high, step } = bounds(item)
  return (high - low) / step < CHIPS
}

/** A few steps, each a thumb's width. @param {Node} node @param {Sheet} sheet */
function chips(node, sheet) {
  const { start, end, step } = bounds(node.item)
  const way = start <= end ? step : -step
  const count = Math.floor(Math.abs(end - start) / step + 1e-9) + 1
  const values = Array.from({ length: count }, (_, at) => textOf(Number((start + at * way).toFixed(9))))
  return html`<div class="ask-chips">${values.map((value, at) => html`<label class="ask-chip">
    <input type="radio" id=${at === 0 ? sheet.id(node) : nothing} name=${sheet.id(node)} value=${value}
      .checked=${live(node.value === value)} @change=${() => sheet.answer(node, value)}><span>${value}</span></label>`)}</div>`
}

/** @param {Node} node @param {Sheet} sheet */
function slider(node, sheet) {
  const { low, high, step } = bounds(node.item)
  // Nothing is answered by drawing the slider: only by touching it.
  const take = (/** @type {any} */ event) => sheet.answer(node, event.target.value)
  return html`<div class="ask-slider ${node.value === '' ? 'ask-unset' : ''}">
    <input id=${sheet.id(node)} type="range" min=${low} max=${high} step=${step} .value=${live(node.value === '' ? String(low) : node.value)}
      aria-valuetext=${node.value === '' ? t('filling.unanswered') : nothing}
      aria-invalid=${sheet.bad(node) ? 'true' : nothing} aria-describedby=${sheet.described(node)}
      @input=${take} @pointerup=${take}>
    <output for=${sheet.id(node)}>${node.value === '' ? '—' : node.value}</output>
  </div>`
}

/** @param {Choice} choice @param {Node} node @param {Sheet} sheet */
function nameOf(choice, node, sheet) {
  return said(sheet.filling, choice.label, node, sheet.language) || choice.name
}

/** @param {Node} node @param {Sheet} sheet */
function dropDown(node, sheet) {
  const choices = sheet.filling.choices(node)
  return html`<select id=${sheet.id(node)} aria-invalid=${sheet.bad(node) ? 'true' : nothing} aria-describedby=${sheet.described(node)}
    aria-required=${sheet.filling.required(node) ? 'true' : nothing}
    @change=${(/** @type {any} */ event) => sheet.answer(node, event.target.value)}>
    <option value="" .selected=${live(node.value === '')}>${t('filling.choose')}</option>
    ${choices.map((choice) => html`<option value=${choice.name} .selected=${live(choice.name === node.value)}>${nameOf(choice, node, sheet)}</option>`)}
  </select>`
}

/** @param {Node} node @param {Sheet} sheet @param {'radio' | 'checkbox'} type */
function cards(node, sheet, type) {
  const choices = sheet.filling.choices(node)
  const chosen = type === 'radio' ? [node.value] : node.value.split(' ').filter(Boolean)
  const many = choices.length > MANY
  const sought = many ? plain(sheet.sought.get(node) ?? '') : ''
  const fitting = sought === '' ? choices : choices.filter((choice) => plain(nameOf(choice, node, sheet)).includes(sought))
  const drawn = many ? [...choices.filter((one) => chosen.includes(one.name)), ...fitting.filter((one) => !chosen.includes(one.name))].slice(0, DRAWN) : choices
  /** @param {string} name @param {boolean} on */
  const pick = (name, on) => {
    if (type === 'radio') return sheet.answer(node, name)
    const names = on ? [...chosen, name] : chosen.filter((one) => one !== name)
    return sheet.answer(node, choices.map((one) => one.name).filter((one) => names.includes(one)).join(' '))
  }
  return html`${choices.length === 0 ? html`<p class="hint">${t('filling.no_choices')}</p>` : nothing}
    ${many ? html`<input type="search" class="ask-search" autocomplete="off" aria-label=${t('filling.search')} placeholder=${t('filling.search')}
      .value=${live(sheet.sought.get(node) ?? '')} @input=${(/** @type {any} */ event) => {
        sheet.sought.set(node, event.target.value)
        sheet.paint()
      }}>` : nothing}
    <div class="ask-cards">${repeat(drawn, (choice) => choice.name, (choice, at) => html`<label class="ask-card">
      <input type=${type} id=${at === 0 ? sheet.id(node) : nothing} name=${sheet.id(node)} value=${choice.name}
        .checked=${live(chosen.includes(choice.name))} @change=${(/** @type {any} */ event) => pick(choice.name, event.target.checked)}>
      <span>${marked(nameOf(choice, node, sheet))}</span></label>`)}</div>
    ${drawn.length < fitting.length ? html`<p class="hint" role="status">${t('filling.more_choices', { n: fitting.length - drawn.length })}</p>` : nothing}
    ${type === 'radio' && node.value !== '' && !sheet.filling.required(node)
      ? html`<button type="button" class="button button-quiet button-small" @click=${() => sheet.answer(node, '')}>${t('filling.clear')}</button>`
      : nothing}`
}

/** Letters without case or accents. @param {string} text */
function plain(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}

/** @param {Node} node @param {Sheet} sheet */
function ranking(node, sheet) {
  const choices = sheet.filling.choices(node)
  const ranked = node.value.split(' ').filter(Boolean)
  const order = [...ranked, ...choices.map((one) => one.name).filter((name) => !ranked.includes(name))]
  /** @param {number} at @param {number} by */
  const move = (at, by) => {
    const next = [...order]
    next.splice(at + by, 0, ...next.splice(at, 1))
    sheet.answer(node, next.join(' '))
  }
  const named = new Map(choices.map((one) => [one.name, nameOf(one, node, sheet)]))
  return html`<ol class="ask-rank ${node.value === '' ? 'ask-unset' : ''}">${repeat(order, (name) => name, (name, at) => html`<li>
      <span>${at + 1}. ${marked(named.get(name) ?? name)}</span>
      <button type="button" class="icon-button" ?disabled=${at === 0} aria-label=${t('filling.up', { what: named.get(name) ?? name })} @click=${() => move(at, -1)}>▲</button>
      <button type="button" class="icon-button" ?disabled=${at === order.length - 1} aria-label=${t('filling.down', { what: named.get(name) ?? name })} @click=${() => move(at, 1)}>▼</button>
    </li>`)}</ol>
    ${node.value === '' && order.length > 0
      ? html`<button type="button" class="button" id=${sheet.id(node)} @click=${() => sheet.answer(node, order.join(' '))}>${t('filling.keep_order')}</button>`
      : nothing}`
}

// @ts-check

/** Every text in use, a row a family and a column a channel. */

/** @import { Channel, Stage, TextLine, TextLanguage } from './contract.js' */

import { t, tOr } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { icon } from '../../core/ui/icons.js'
import { badge, card, emptyState } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, live, nothing } from '../../core/view.js'

/** @type {Channel[]} */
export const CHANNELS = ['whatsapp', 'sms', 'email', 'letter', 'call']
/** @type {Stage[]} */
export const STAGES = ['preventive', 'due', 'friendly', 'firm', 'formal', 'offer', 'service']

/** @typedef {{ search: string, stage: string, language: TextLanguage, own: boolean }} ListFilter */
/** @typedef {{ family: string, stage: Stage, texts: Map<Channel, TextLine> }} Row */

/** @param {string} family */
export function familyName(family) {
  return tOr(`templates.family.${family}`, family.replaceAll('_', ' '))
}

/** @param {string} id @param {string} family @param {Channel} channel @param {string} language */
export function textHref(id, family, channel, language) {
  return pathTo('templates', { cartera: id, texto: `${family}.${channel}.${language}` })
}

/**
 * @param {object} facts
 * @param {string} facts.portfolioId
 * @param {TextLine[]} facts.lines
 * @param {ListFilter} facts.filter
 * @param {boolean} facts.busy
 * @param {(change: Partial<ListFilter>) => void} facts.onFilter
 */
export function listView({ portfolioId, lines, filter, busy, onFilter }) {
  const rows = rowsOf(lines, filter)
  return card({
    tone: 'flush',
    body: html`${toolbar(filter, onFilter)}
      ${rows.length === 0
        ? emptyState({ icon: 'message', title: t('templates.nothing'), body: t('templates.nothing_body') })
        : dataTable({
            caption: t('templates.title'), rows, busy, id: ({ family }) => family,
            columns: [
              {
                key: 'family', label: t('templates.family'), head: true,
                cell: ({ family, stage }) => html`<span>${familyName(family)}</span><small class="muted text-stage">${t(`templates.stage.${stage}`)}</small>`,
              },
              ...CHANNELS.map((channel) => ({
                key: channel, label: t(`templates.channel.${channel}`),
                cell: (/** @type {Row} */ row) => textLink(portfolioId, row, channel),
              })),
            ],
          })}`,
  })
}

/** @param {string} portfolioId @param {Row} row @param {Channel} channel */
function textLink(portfolioId, { family, texts }, channel) {
  const line = texts.get(channel)
  if (line === undefined) return html`<span class="muted">–</span>`
  const name = `${familyName(family)}, ${t(`templates.channel.${channel}`)}`
  return html`<a class="text-link" href=${textHref(portfolioId, family, channel, line.language)} aria-label=${`${name}: ${line.built_in ? t('templates.built_in') : t('templates.own')}`}>
    ${line.built_in ? html`<span class="muted">${t('templates.built_in')}</span>` : badge(t('templates.version', { n: line.version }), 'brand')}${icon('forward')}</a>`
}

/** @param {TextLine[]} lines @param {ListFilter} filter @returns {Row[]} */
export function rowsOf(lines, { search, stage, own }) {
  /** @type {Map<string, Row>} */
  const rows = new Map()
  for (const line of lines) {
    const row = rows.get(line.template_id) ?? { family: line.template_id, stage: line.stage, texts: new Map() }
    row.texts.set(line.channel, line)
    rows.set(line.template_id, row)
  }
  const words = fold(search).split(/\s+/).filter(Boolean)
  return [...rows.values()].filter((row) => {
    const text = fold(`${row.family} ${familyName(row.family)}`)
    return (stage === '' || row.stage === stage)
      && (!own || [...row.texts.values()].some((line) => !line.built_in))
      && words.every((word) => text.includes(word))
  })
}

/** @param {ListFilter} filter @param {(change: Partial<ListFilter>) => void} onFilter */
function toolbar({ search, stage, language, own }, onFilter) {
  return html`<div class="toolbar card-toolbar" role="search" aria-label=${t('templates.search')}>
    <div class="search-field">${icon('search')}<input type="search" aria-label=${t('templates.search')} placeholder=${t('templates.search')} .value=${live(search)}
      @input=${(/** @type {any} */ event) => onFilter({ search: event.target.value })}></div>
    <label class="picker picker-small"><span>${t('templates.language')}</span><select name="language" @change=${(/** @type {any} */ event) => onFilter({ language: event.target.value })}>
      ${['es', 'en', 'pt'].map((each) => html`<option value=${each} .selected=${live(each === language)}>${t(`templates.language.${each}`)}</option>`)}</select></label>
    <label class="picker picker-small"><span>${t('templates.stage')}</span><select name="stage" @change=${(/** @type {any} */ event) => onFilter({ stage: event.target.value })}>
      <option value="">${t('common.all')}</option>
      ${STAGES.map((each) => html`<option value=${each} .selected=${live(each === stage)}>${t(`templates.stage.${each}`)}</option>`)}</select></label>
    <label class="check-inline"><input type="checkbox" .checked=${live(own)} @change=${(/** @type {any} */ event) => onFilter({ own: event.target.checked })}> ${t('templates.only_own')}</label>
  </div>${nothing}`
}

/** @param {string} text */
function fold(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

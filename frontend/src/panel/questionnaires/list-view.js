// @ts-check

/** The questionnaires of a portfolio in a table; what to do where there are none. */

/** @import { FormLine } from './contract.js' */

import { formatAgo } from '../../core/dates.js'
import { languageName } from '../../core/forms/render-words.js'
import { lang, t, tn } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { icon } from '../../core/ui/icons.js'
import { badge, emptyState } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { html, nothing } from '../../core/view.js'

/** @type {Record<FormLine['state'], import('../../core/ui/pieces.js').Tone>} */
const TONES = { draft: 'neutral', published: 'good', archived: 'warn' }

/** @param {{ state: FormLine['state'] }} form */
export function stateBadge({ state }) {
  return badge(t(`questionnaires.state.${state}`), TONES[state])
}

/** @param {string} portfolioId @param {FormLine[]} lines */
export function formsList(portfolioId, lines) {
  return html`<div class="card card-flush">${dataTable({
    id: (line) => line.form_id,
    caption: t('questionnaires.title'),
    columns: [
      { key: 'title', label: t('questionnaires.form'), head: true, cell: (line) => html`<a href=${pathTo('questionnaires', { cartera: portfolioId, id: line.form_id })}>${line.title}</a>` },
      { key: 'state', label: t('questionnaires.state'), cell: (line) => html`${stateBadge(line)}${line.published > 0 && line.latest > line.published ? html` ${badge(t('questionnaires.newer_draft'), 'info')}` : nothing}` },
      { key: 'questions', label: t('questionnaires.questions'), align: 'end', cell: (line) => line.questions },
      { key: 'languages', label: t('questionnaires.languages'), cell: (line) => line.languages.map(languageName).join(', ') },
      { key: 'uses', label: t('questionnaires.used'), cell: (line) => usedWords(line) },
      { key: 'updated', label: t('questionnaires.updated'), cell: (line) => formatAgo(line.updated_at, new Date(), lang()) },
    ],
    rows: lines,
  })}</div>`
}

/** @param {FormLine} line */
function usedWords({ uses }) {
  if (uses.length === 0) return html`<span class="muted">${t('questionnaires.used.nowhere')}</span>`
  return uses.map((use) => {
    if (use.products.length === 0 && use.dispositions.length === 0) return t('questionnaires.used.all')
    const parts = [
      ...use.products,
      ...(use.dispositions.length > 0 ? [tn('questionnaires.used.dispositions', use.dispositions.length)] : []),
    ]
    return parts.join(', ')
  }).join('; ')
}

/** @param {{ onStarter: () => void, onSend: () => void }} acts */
export function noForms({ onStarter, onSend }) {
  return emptyState({
    icon: 'file',
    title: t('questionnaires.empty'),
    body: t('questionnaires.empty_body'),
    steps: [1, 2, 3, 4].map((n) => t(`questionnaires.step_${n}`)),
    actions: html`<button type="button" class="button button-primary" @click=${onStarter}>${icon('download')}${t('questionnaires.starter')}</button>
      <button type="button" class="button" @click=${onSend}>${icon('upload')}${t('questionnaires.send')}</button>`,
  })
}

// @ts-check

/** What a list of cases says when it has none, and what may be done then. */

/** @import { Portfolio } from '../../core/contract.js' */
/** @import { Filters } from './filters.js' */

import { t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { icon } from '../../core/ui/icons.js'
import { emptyState } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { PARAM } from '../chosen-portfolio.js'
import { narrowing, widest } from './filters.js'

/**
 * @param {Filters} filters  That let none through.
 * @param {{ several: boolean, onFilters: (filters: Filters) => void }} facts  `several`: there are other portfolios to look in.
 */
export function nothingFound(filters, { several, onFilters }) {
  const narrowed = narrowing(filters).length > 0
  const steps = [narrowed ? t('cases.try_filters') : null, filters.q ? t('cases.try_fewer') : null, filters.q ? t('cases.try_other') : null, several ? t('cases.try_portfolio') : null]
  return emptyState({
    icon: 'search', title: filters.q ? t('cases.none_for', { q: filters.q }) : t('cases.none'), body: t('cases.none_body'),
    steps: steps.filter((step) => step !== null),
    actions: html`${narrowed ? html`<button type="button" class="button button-primary" @click=${() => onFilters(widest(filters))}>${t('cases.clear')}</button>` : nothing}
      ${filters.q ? html`<button type="button" class="button" @click=${() => { onFilters({ ...filters, q: '' }); document.getElementById('q')?.focus() }}>${t('cases.clear_search')}</button>` : nothing}`,
  })
}

/** @param {Portfolio | null} portfolio  Null: there is none to look in. @param {boolean} mayUpload */
export function noCases(portfolio, mayUpload) {
  if (portfolio === null) {
    return emptyState({
      icon: 'portfolio', title: t('cases.no_portfolio'), body: mayUpload ? t('cases.no_portfolio_body') : t('cases.no_portfolio_agent'),
      actions: mayUpload ? html`<a class="button button-primary" href=${pathTo('portfolios')}>${t('common.title.portfolios')}</a>` : nothing,
    })
  }
  return emptyState({
    icon: 'cases', title: t('cases.empty_title'), body: mayUpload ? t('cases.empty_body') : t('cases.empty_agent'),
    actions: mayUpload ? html`<a class="button button-primary" href=${pathTo('upload_new', { [PARAM]: portfolio.portfolio_id })}>${icon('upload')}${t('cases.empty_upload')}</a>` : nothing,
  })
}

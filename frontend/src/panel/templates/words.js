// @ts-check

/** What the pages of texts say where there is nothing to work on. */

import { t } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { emptyState } from '../../core/ui/pieces.js'
import { html } from '../../core/view.js'

export function noPortfolio() {
  return emptyState({
    icon: 'portfolio', title: t('templates.no_portfolio'), body: t('templates.no_portfolio_body'),
    actions: html`<a class="button button-primary" href=${pathTo('portfolios')}>${t('common.title.portfolios')}</a>`,
  })
}

// @ts-check

/** What became of looking whether a timeline was altered; loaded when somebody looks. */

/** @import { CasePage } from '../cases/contract.js' */
/** @import { judge } from './chain.js' */

import { t, tn } from '../../core/i18n.js'
import { banner } from '../../core/ui/pieces.js'
import { html } from '../../core/view.js'

/** @param {ReturnType<typeof judge>} verdict @param {CasePage} page */
export function verdictBanner(verdict, page) {
  if (verdict.state === 'intact') {
    return banner({ tone: 'good', title: tn('caseacts.intact', verdict.events ?? 0), body: html`${t('caseacts.intact_body')} <code class="hash-full">${page.chain.hash}</code>` })
  }
  if (verdict.state === 'moved') return banner({ tone: 'info', title: t('caseacts.moved'), body: t('caseacts.moved_body') })
  return banner({ tone: 'bad', title: t('caseacts.altered', { n: verdict.firstAltered ?? '?' }), body: t('caseacts.altered_body') })
}

// @ts-check

/** Says whose an unknown number is: find the case, say who has the phone. */

/** @import { Api } from '../../core/api.js' */
/** @import { Conversation, Party } from './contract.js' */

import { t } from '../../core/i18n.js'
import { selectField } from '../../core/ui/fields.js'
import { findCaseDialog } from '../find-case.js'

/** @type {Party[]} */
const PARTIES = ['debtor', 'codebtor', 'guarantor', 'family', 'reference', 'other']

/**
 * @param {{ api: Api, one: Conversation, portfolioId: string }} facts
 * @returns {Promise<any>}  The conversation's page, attached; undefined when dismissed.
 */
export function attachDialog({ api, one, portfolioId }) {
  /** @type {Party} */
  let party = 'debtor'
  return findCaseDialog({
    api,
    portfolioId,
    title: t('conversations.attach_title'),
    texts: 'conversations',
    lead: t('conversations.attach_lead'),
    action: t('conversations.attach'),
    about: (row) => row.tax_id,
    act: (caseId) => api.post(`/conversations/${one.conversation_id}/attachment`, { case_id: caseId, party }),
    more: () => selectField({ name: 'party', label: t('conversations.party'), value: party, required: true, onInput: (value) => { party = /** @type {Party} */ (value) }, options: PARTIES.map((value) => ({ value, label: t(`conversations.party.${value}`) })) }),
  })
}

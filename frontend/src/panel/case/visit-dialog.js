// @ts-check

/** The dialog in which a supervisor plans a visit by hand. */

/** @import { Api } from '../../core/api.js' */
/** @import { CasePage } from '../cases/contract.js' */
/** @import { Agent, Assigned } from '../routes/contract.js' */

import { newKey } from '../../core/api.js'
import { todayIn } from '../../core/dates.js'
import { Form } from '../../core/form.js'
import { t, tOr } from '../../core/i18n.js'
import { openDialog } from '../../core/ui/dialog.js'
import { selectField, textField } from '../../core/ui/fields.js'
import { banner, problemBanner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

/**
 * @param {{ api: Api, page: CasePage }} scene
 * @returns {Promise<string | undefined>}  What to tell; undefined: nothing was planned.
 */
export async function visitDialog({ api, page }) {
  const { id: portfolio, time_zone: zone } = page.portfolio
  const today = todayIn(new Date(), zone)
  /** @type {{ items: Agent[] }} */
  const team = await api.get('/agents', { query: { date: today } })
  const agents = team.items.filter(({ portfolios }) => portfolios.includes('*') || portfolios.includes(portfolio))
  const open = page.visits_planned.find(({ state, day }) => state === 'planned' && day >= today)
  let paint = () => {}
  let refused = ''
  const form = new Form({ address: page.addresses[0]?.address_id ?? '', person: agents[0]?.person_id ?? '', day: today }, () => paint())
  const batch = `bat_${newKey()}`

  /** @param {typeof form.values} values @returns {Promise<Assigned>} */
  const send = (values) => api.post('/assignments', {
    portfolio_id: portfolio, batch_id: batch, date: values.day,
    items: [{ case_id: page.case.case_id, address_id: values.address, person_id: values.person, instead_of: open?.assignment_id ?? '' }],
  })

  return openDialog({
    title: t('case.visit_plan'),
    body: (handle) => {
      paint = handle.update
      const submit = async (/** @type {Event} */ event) => {
        event.preventDefault()
        const made = await form.submit(send)
        if (made === undefined) return
        const [no] = made.refused
        refused = no ? tOr(`caseacts.visit_refused.${no.code}`, no.code) : ''
        if (no) return handle.update()
        handle.close(t('caseacts.visit_planned', { name: agents.find(({ person_id: id }) => id === form.values.person)?.name ?? '' }))
      }
      const { values } = form
      if (agents.length === 0) return html`<p>${t('caseacts.visit_nobody')}</p>`
      return html`<form class="form" novalidate @submit=${submit}>
        ${form.problem ? problemBanner(form.problem) : nothing}
        ${refused ? banner({ tone: 'bad', title: refused }) : nothing}
        ${open ? banner({ tone: 'info', title: t('caseacts.visit_instead', { name: open.person.name }) }) : nothing}
        ${selectField({ name: 'person', label: t('caseacts.visit_person'), required: true, value: values.person, options: agents.map(({ person_id: value, name }) => ({ value, label: name })), onInput: (person) => form.set('person', person) })}
        ${textField({ name: 'day', type: 'date', min: today, label: t('caseacts.visit_day'), required: true, value: values.day, onInput: (day) => form.set('day', day) })}
        ${selectField({ name: 'address', label: t('caseacts.visit_address'), required: true, value: values.address, options: page.addresses.map(({ address_id: value, lines, city }) => ({ value, label: [lines, city].filter(Boolean).join(', ') })), onInput: (address) => form.set('address', address) })}
        <footer class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
          <button class="button button-primary" ?disabled=${form.busy}>${t('caseacts.visit_submit')}</button></footer></form>`
    },
  })
}

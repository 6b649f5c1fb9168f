// @ts-check

import { formatAgo } from '../core/dates.js'
import { lang, t, tn } from '../core/i18n.js'
import { icon } from '../core/ui/icons.js'
import { badge, card, emptyState, pageHead, pager } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { toast } from '../core/ui/toast.js'
import { html, live, mountView, nothing } from '../core/view.js'
import { invitePerson, openPerson } from './person-dialog.js'
import { start } from './shell.js'

/** @import { Person, Portfolio } from '../core/contract.js' */
/** @import { Tone } from '../core/ui/pieces.js' */

/** @type {Record<Person['status'], Tone>} */
const STATUS_TONES = { active: 'good', invited: 'info', disabled: 'neutral' }

start(async ({ root, api, me, params, portfolios: askPortfolios }) => {
  /** @type {Person[]} */
  let people = []
  /** @type {string | null} */
  let cursor = null
  let search = ''
  let role = ''
  let scope = params.get('cartera') ?? ''
  let busy = false

  const [portfolios] = await Promise.all([askPortfolios(), more()])
  const names = new Map(portfolios.map(({ portfolio_id, name }) => [portfolio_id, name]))
  const view = mountView(root, () => page())
  // Names are searched here, in the browser: a company has hundreds of people, not millions.
  while (cursor !== null) {
    await more()
    view.update()
  }

  async function more() {
    busy = true
    const answer = await api.get('/people', { query: { cursor, limit: 200 } })
    people = people.concat(answer.items)
    cursor = answer.cursor ?? null
    busy = false
  }

  function found() {
    const words = fold(search).split(/\s+/).filter(Boolean)
    return people.filter((person) => {
      const text = fold(`${person.name} ${person.email} ${person.team}`)
      const inScope = scope === '' || person.portfolios.includes(scope) || person.portfolios.includes('*')
      return inScope && (role === '' || person.role === role) && words.every((word) => text.includes(word))
    })
  }

  /** @param {Person} person */
  function replace(person) {
    people = people.map((each) => (each.person_id === person.person_id ? person : each))
    view.update()
  }

  async function invite() {
    const person = await invitePerson({ api, portfolios })
    if (person === undefined) return
    people = [person, ...people]
    view.update()
    toast(t('people.invited', { email: person.email }))
  }

  /** @param {Person} person */
  async function open(person) {
    const changed = await openPerson({ api, me, person, portfolios })
    if (changed !== undefined) replace(changed)
  }

  function page() {
    const rows = found()
    return html`${pageHead({
        title: t('people.title'),
        lead: t('people.lead'),
        actions: html`<button type="button" class="button button-primary" @click=${invite}>${icon('plus')}${t('people.invite')}</button>`,
      })}
      ${people.length === 1 ? firstColleague() : nothing}
      ${card({ tone: 'flush', body: html`${filters()}${rows.length === 0 ? nobody() : table(rows)}` })}
      ${pager({ shown: rows.length, busy, more: false, onMore: () => {} })}`
  }

  function filters() {
    return html`<div class="toolbar card-toolbar" role="search" aria-label=${t('people.search')}>
      <div class="search-field">${icon('search')}<input type="search" aria-label=${t('people.search')} placeholder=${t('people.search')} .value=${live(search)}
        @input=${(/** @type {any} */ event) => { search = event.target.value; view.update() }}></div>
      <label class="picker picker-small"><span>${t('people.role')}</span><select @change=${(/** @type {any} */ event) => { role = event.target.value; view.update() }}>
        <option value="">${t('common.all')}</option>
        ${['admin', 'supervisor', 'agent'].map((name) => html`<option value=${name}>${t(`common.role.${name}`)}</option>`)}</select></label>
      <label class="picker picker-small"><span>${t('common.portfolio')}</span><select @change=${(/** @type {any} */ event) => { scope = event.target.value; view.update() }}>
        <option value="">${t('common.all')}</option>
        ${portfolios.map(({ portfolio_id, name }) => html`<option value=${portfolio_id} .selected=${live(portfolio_id === scope)}>${name}</option>`)}</select></label>
    </div>`
  }

  /** @param {Person[]} rows */
  function table(rows) {
    return dataTable({
      caption: t('people.title'),
      rows,
      id: ({ person_id }) => person_id,
      columns: [
        {
          key: 'name', label: t('people.name'), head: true,
          cell: (person) => html`<button type="button" class="row-button" @click=${() => open(person)}><span>${person.name}</span><small>${person.email}</small></button>`,
        },
        { key: 'role', label: t('people.role'), cell: (person) => t(`common.role.${person.role}`) },
        { key: 'portfolios', label: t('people.portfolios'), cell: (person) => scopeOf(person, names) },
        { key: 'team', label: t('people.team'), cell: (person) => person.team || '–' },
        {
          key: 'status', label: t('people.status'),
          cell: (person) => html`${badge(t(`people.status.${person.status}`), STATUS_TONES[person.status])}${person.totp ? html` <span class="muted nowrap" title=${t('people.totp_on')}>${icon('shield')}<span class="visually-hidden">${t('people.totp_on')}</span></span>` : nothing}`,
        },
        {
          key: 'seen', label: t('people.last_seen'), shown: 'wide',
          cell: (person) => (person.last_seen_at === null ? t('common.never') : formatAgo(person.last_seen_at, new Date(), lang())),
        },
      ],
    })
  }

  function nobody() {
    return emptyState({ icon: 'people', title: t('people.nobody'), body: t('people.nobody_body') })
  }

  function firstColleague() {
    return emptyState({
      icon: 'people',
      title: t('people.empty_title'),
      body: t('people.empty_body'),
      steps: [t('people.empty_admin'), t('people.empty_supervisor'), t('people.empty_agent')],
      actions: html`<button type="button" class="button button-primary" @click=${invite}>${icon('plus')}${t('people.invite')}</button>`,
    })
  }
}, { roles: ['admin'] })

/** @param {Person} person @param {Map<string, string>} names */
function scopeOf(person, names) {
  if (person.portfolios.includes('*')) return t('people.all_portfolios')
  if (person.portfolios.length === 0) return t('people.no_portfolios')
  const [first, ...others] = person.portfolios.map((id) => names.get(id) ?? id)
  return others.length === 0 ? first : html`${first} <span class="muted" title=${others.join(', ')}>${tn('people.and_more', others.length)}</span>`
}

/** Lower case without accents, so that "jose" finds "José". @param {string} text */
function fold(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

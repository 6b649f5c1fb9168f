// @ts-check

/** The texts of messages: those in use, and one of them to change. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Context } from './shell.js' */
/** @import { ListFilter } from './templates/list-view.js' */
/** @import { Channel, TextLine, TextLanguage } from './templates/contract.js' */

import { lang, t } from '../core/i18n.js'
import { latest } from '../core/latest.js'
import { asProblem } from '../core/problem.js'
import { openDialog } from '../core/ui/dialog.js'
import { selectField, textField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { pageHead, problemBanner, skeleton } from '../core/ui/pieces.js'
import { html, mountView } from '../core/view.js'
import { chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { start } from './shell.js'
import { CHANNELS, listView, textHref } from './templates/list-view.js'
import { noPortfolio } from './templates/words.js'

start(async (context) => {
  const asked = context.params.get('texto')
  if (asked === null) return showList(context)
  const { editText } = await import('./templates/editor.js')
  return editText(context, asked)
}, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function showList({ root, api, params, portfolios: all }) {
  const portfolios = await all()
  let portfolio = chosenPortfolio(portfolios, params)
  /** @type {ListFilter} */
  const filter = { search: '', stage: '', language: /** @type {TextLanguage} */ (portfolio?.language ?? lang()), own: false }
  /** @type {TextLine[] | null} */
  let lines = null
  /** @type {import('../core/problem.js').Problem | null} */
  let problem = null
  let busy = false
  const ask = latest()
  const view = mountView(root, page)
  await load()

  async function load() {
    const current = ask()
    busy = portfolio !== null
    view.update()
    if (portfolio === null) return
    try {
      const { items } = await api.get(`/portfolios/${portfolio.portfolio_id}/templates`, { query: { language: filter.language } })
      if (!current()) return
      lines = items
      problem = null
    } catch (error) {
      if (!current()) return
      problem = asProblem(error)
    }
    busy = false
    view.update()
  }

  /** @param {Partial<ListFilter>} change */
  function onFilter(change) {
    const other = change.language !== undefined && change.language !== filter.language
    Object.assign(filter, change)
    if (other) void load()
    else view.update()
  }

  /** @param {Portfolio | null} picked */
  function onPick(picked) {
    portfolio = picked
    filter.language = /** @type {TextLanguage} */ (picked?.language ?? filter.language)
    lines = null
    void load()
  }

  async function create() {
    if (portfolio === null) return
    const id = portfolio.portfolio_id
    const href = await openDialog({ title: t('templates.new'), body: (handle) => newText(handle, id, filter.language) })
    if (href !== undefined) window.location.assign(href)
  }

  function page() {
    return html`${pageHead({
        title: t('templates.title'), lead: t('templates.lead'),
        actions: html`${portfolioPicker({ portfolios, chosen: portfolio, onPick })}
          ${portfolio === null ? '' : html`<button type="button" class="button button-primary" @click=${create}>${icon('plus')}${t('templates.new')}</button>`}`,
      })}
      ${portfolio === null ? noPortfolio() : problem !== null ? problemBanner(problem, load) : lines === null ? skeleton(8)
        : listView({ portfolioId: portfolio.portfolio_id, lines, filter, busy, onFilter })}`
  }
}

/** What the dialog for a family of one's own holds while it is open. */
const wanted = { family: '', channel: /** @type {Channel} */ ('whatsapp'), error: '' }

/** @param {import('../core/ui/dialog.js').DialogHandle} handle @param {string} id @param {string} language */
function newText(handle, id, language) {
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault()
    wanted.error = /^[a-z][a-z0-9_]{2,39}$/.test(wanted.family) ? '' : t('templates.family_format')
    if (wanted.error !== '') return handle.update()
    handle.close(`${textHref(id, wanted.family, wanted.channel, language)}&nueva=1`)
  }
  return html`<form class="stack" novalidate @submit=${submit}>
    <p>${t('templates.new_body')}</p>
    ${textField({ name: 'family', label: t('templates.family_code'), hint: t('templates.family_hint'), required: true, maxlength: 40, value: wanted.family, error: wanted.error, onInput: (value) => { wanted.family = value.trim() } })}
    ${selectField({ name: 'channel', label: t('templates.channel'), required: true, value: wanted.channel, onInput: (value) => { wanted.channel = /** @type {Channel} */ (value) }, options: CHANNELS.map((value) => ({ value, label: t(`templates.channel.${value}`) })) })}
    <div class="button-row"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button><button class="button button-primary">${t('templates.new_write')}</button></div>
  </form>`
}

// @ts-check

/**
 * A portfolio's files of the lake, for a creditor who was given a link: no account.
 *
 * The link's secret is behind the # and goes to the API as a bearer token: no server's log holds it.
 */

import { Api } from '../core/api.js'
import { todayIn } from '../core/dates.js'
import { loadTexts, localeFor, t } from '../core/i18n.js'
import { selectField, textField } from '../core/ui/fields.js'
import { banner } from '../core/ui/pieces.js'
import { html, mountView, nothing } from '../core/view.js'
import { periodOf, readPeriod } from '../panel/figures/period.js'
import { Slice } from '../panel/figures/slice.js'

const PRESETS = /** @type {const} */ (['week', 'days30', 'month', 'last_month'])

await loadTexts()

let preset = /** @type {typeof PRESETS[number] | ''} */ ('days30')
let draft = { from: '', to: '' }
let bad = false
let link = read()
const api = new Api({ session: { token: () => Promise.resolve(link?.token ?? null), refresh: () => Promise.resolve(false) }, fetch: (input, init) => window.fetch(input, init) })
let slice = fresh()

const view = mountView(/** @type {HTMLElement} */ (document.getElementById('page')), page)
window.addEventListener('hashchange', () => {
  slice.leave()
  link = read()
  slice = fresh()
  void show()
})
await show()

/** `#<portfolio>.<token>` */
function read() {
  const [portfolioId, token] = window.location.hash.slice(1).split('.')
  return portfolioId && token ? { portfolioId, token } : null
}

function fresh() {
  return new Slice({ api, update: () => view.update(), manages: false })
}

async function show() {
  if (link === null) return view.update()
  const period = preset === '' ? readPeriod(draft.from, draft.to) : periodOf(preset, todayIn(new Date(), slice.told?.time_zone ?? 'UTC'))
  bad = period === null
  if (period === null) return view.update()
  draft = { ...period }
  await slice.show({ portfolioId: link.portfolioId, period, locale: localeFor(slice.told?.country) })
}

function page() {
  if (link === null) return html`<h1>${t('common.title.slice')}</h1>${banner({ tone: 'warn', title: t('slice.no_link'), body: t('slice.no_link_body') })}`
  if (slice.told === null && slice.problem && [401, 403, 404].includes(slice.problem.status)) {
    return html`<h1>${t('common.title.slice')}</h1>${banner({ tone: 'warn', title: t('slice.gone'), body: t('slice.gone_body') })}`
  }
  return html`<h1>${t('common.title.slice')}</h1>
    ${slice.told ? html`<p class="lead">${slice.told.portfolio}</p>` : nothing}
    <p>${t('slice.private')}</p>
    <form class="toolbar" @submit=${apply}>
      ${selectField({ name: 'preset', label: t('slice.period'), required: true, value: preset, onInput: pick, options: [...PRESETS.map((key) => ({ value: key, label: t(`slice.preset.${key}`) })), { value: '', label: t('slice.preset.own') }] })}
      ${preset === '' ? html`
        ${textField({ name: 'from', label: t('slice.from'), type: 'date', value: draft.from, onInput: (value) => { draft.from = value } })}
        ${textField({ name: 'to', label: t('slice.to'), type: 'date', value: draft.to, error: bad ? t('slice.bad_period') : undefined, onInput: (value) => { draft.to = value } })}
        <button class="button">${t('slice.apply')}</button>` : nothing}
    </form>
    ${slice.view()}`
}

/** @param {string} value */
function pick(value) {
  preset = /** @type {typeof preset} */ (value)
  bad = false
  if (preset === '') view.update()
  else void show()
}

/** @param {Event} event */
function apply(event) {
  event.preventDefault()
  void show()
}

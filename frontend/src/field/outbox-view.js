// @ts-check

/** What has not left the phone, why, and the last ways to rescue it. */

import { formatAgo } from '../core/dates.js'
import { lang, t, tn, tOr } from '../core/i18n.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, card, emptyState } from '../core/ui/pieces.js'
import { html, nothing, repeat } from '../core/view.js'
import { exportOutbox } from './rescue.js'

/** @import { App } from './app.js' */
/** @import { OutboxItem } from './types' */

const LONG_MS = 24 * 60 * 60_000
/** @typedef {Awaited<ReturnType<typeof import('./restore.js').restore>>} Restored */
/** What became of the file that was loaded last. @type {Restored | null} */
let restored = null
let loading = false

/** @param {App} app */
export function outboxView(app) {
  const { items } = app
  const oldest = items.length > 0 ? Date.now() - Date.parse(items[0].made_at) : 0
  return html`<h1>${t('field.outbox_title')}</h1>
    <p class="muted">${t('field.outbox_lead')}</p>
    ${app.persisted ? nothing : banner({ tone: 'warn', title: t('field.not_kept'), body: t('field.not_kept_body') })}
    ${oldest > LONG_MS ? banner({ tone: 'bad', title: t('field.old_work'), body: t('field.old_work_body') }) : nothing}
    ${items.length === 0
      ? emptyState({ icon: 'check', title: t('field.outbox_empty'), body: t('field.outbox_empty_body') })
      : html`<div class="button-row"><button type="button" class="button button-primary button-large" ?disabled=${!app.online} @click=${() => void app.flush({ all: true })}>${icon('upload')}${t('field.send_now')}</button>
        <button type="button" class="button button-large" @click=${() => void exportOutbox(app)}>${icon('download')}${t('field.export')}</button></div>
        <ul class="waiting">${repeat(items, ({ seq, ref }) => seq ?? ref, (item) => itemView(app, item))}</ul>`}
    ${card({ title: t('field.restore'), id: 'restore', lead: t('field.restore_lead'), body: html`${restored === null ? nothing : restoredView(restored)}
      <div class="field photo-field"><label for="restore-file">${t('field.restore_file')}</label>
        <span class="button button-large button-block photo-button"><input id="restore-file" type="file" accept=".json,application/json" ?disabled=${loading}
          @change=${(/** @type {Event} */ event) => void load(app, /** @type {HTMLInputElement} */ (event.currentTarget))}>${icon('file')}<span aria-hidden="true">${t(loading ? 'common.loading' : 'field.restore_choose')}</span></span></div>` })}`
}

/** @param {App} app @param {HTMLInputElement} input */
async function load(app, input) {
  const [file] = input.files ?? []
  input.value = ''
  if (file === undefined) return
  loading = true
  app.paint()
  try {
    restored = await (await import('./restore.js')).restore(app, file)
  } finally {
    loading = false
    app.paint()
  }
}

/** @param {Restored} found */
function restoredView(found) {
  if (found.fault !== null) return banner({ tone: 'bad', title: t(`field.restore_fault.${found.fault}`) })
  const { added, damaged, cash } = found
  return html`${banner({ tone: 'good', title: added === 0 ? t('field.restore_nothing') : tn('field.restore_done', added) })}
    ${damaged > 0 ? banner({ tone: 'warn', title: tn('field.restore_damaged', damaged) }) : nothing}
    ${cash > 0 ? banner({ tone: 'warn', title: tn('field.restore_cash', cash) }) : nothing}`
}

/** @param {App} app @param {OutboxItem} item */
function itemView(app, item) {
  const refused = item.state === 'refused'
  const [first] = item.problem?.details?.fields ?? []
  const field = first?.text ?? first?.label ?? first?.question ?? first?.field ?? item.problem?.details?.field
  return html`<li class="waiting-item ${refused ? 'is-refused' : ''}">
    <div><strong>${t(`field.kind.${item.kind}`)}</strong>${item.title ? html` · ${item.title}` : nothing}
      <p class="muted small">${formatAgo(item.made_at, new Date(), lang())}</p></div>
    ${badge(t(refused ? 'field.item.refused' : item.tries > 0 ? 'field.item.again' : 'field.item.waiting'), refused ? 'bad' : 'warn')}
    ${item.problem === null ? nothing : html`<p class="small">${tOr(`errors.${item.problem.code}`, null) ?? tOr(`errors.http.${item.problem.status}`, null) ?? t('errors.unknown')}${field ? html` <code>${field}</code>` : nothing}</p>`}
    ${refused ? html`<div class="button-row"><button type="button" class="button" ?disabled=${!app.online} @click=${() => void app.retry(item)}>${t('common.retry')}</button></div>` : nothing}
  </li>`
}

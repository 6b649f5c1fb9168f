// @ts-check

/** What was issued to the debtor of this case: receipts, agreements, letters; to read and to check. */

/** @import { IssuedDocument } from '../cases/contract.js' */

import { formatInstant } from '../../core/dates.js'
import { t, tOr, tn } from '../../core/i18n.js'
import { pathTo } from '../../core/paths.js'
import { badge, card, skeleton } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

const SHOWN = 8

/**
 * Read after the case is on the screen; null until then.
 * @typedef {object} Papers
 * @property {IssuedDocument[] | null} items
 * @property {boolean} failed
 * @property {boolean} all
 */

/**
 * @param {object} facts
 * @param {Papers} facts.papers
 * @param {string} facts.locale
 * @param {string} facts.zone
 * @param {(document: IssuedDocument) => void} facts.onDownload
 * @param {() => void} facts.onAll
 * @param {() => void} facts.onRetry
 * @param {(() => void) | null} facts.onPack  Take all that is held of the case; null for who may not.
 */
export function documentsCard({ papers, locale, zone, onDownload, onAll, onRetry, onPack }) {
  return card({
    id: 'documents', title: t('papers.issued'), body: body(),
    actions: onPack === null ? nothing : html`<button type="button" class="button button-small" @click=${onPack}>${t('papers.pack')}</button>`,
  })

  function body() {
    if (papers.failed) return html`<p class="muted">${t('papers.failed')} <button type="button" class="link-button" @click=${onRetry}>${t('common.retry')}</button></p>`
    if (papers.items === null) return skeleton(2)
    if (papers.items.length === 0) return html`<p class="muted">${t('papers.issued_none')}</p>`
    const shown = papers.all ? papers.items : papers.items.slice(0, SHOWN)
    return html`<p class="muted small">${t('papers.issued_seen')}</p><ul class="promises">${shown.map(line)}</ul>
      ${shown.length < papers.items.length ? html`<button type="button" class="link-button" @click=${onAll}>${tn('case.show_all', papers.items.length)}</button>` : nothing}`
  }

  /** @param {IssuedDocument} one */
  function line(one) {
    const kind = t(`papers.issued.${one.kind}`)
    return html`<li>
      <div class="row row-between"><strong>${kind}</strong>${one.annulled_at === null ? nothing : badge(t('papers.issued_annulled'), 'warn')}</div>
      <span class="muted small">${formatInstant(one.issued_at, locale, zone)}${one.annulled_why ? ` · ${tOr(`papers.issued_why.${one.annulled_why}`, '')}` : ''}</span>
      <span class="button-row">
        <button type="button" class="link-button small" @click=${() => onDownload(one)}>${t('papers.issued_download')}<span class="visually-hidden"> ${kind} ${one.code}</span></button>
        <a class="small" href=${`${pathTo('verify')}#${one.code}`} target="_blank" rel="noopener">${t('papers.issued_check')} <code>${one.code}</code></a>
      </span>
    </li>`
  }
}

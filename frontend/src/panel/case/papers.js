// @ts-check

/**
 * The documents of a case, below what is read first: the creditor's, as proof of its debts, and
 * those that were issued to the debtor; and what the debtor asks about their own data by law. Loaded
 * after the case is on the screen, with their words.
 */

/** @import { Api } from '../../core/api.js' */
/** @import { CasePage, IssuedDocument } from '../cases/contract.js' */
/** @import { Paper, PaperPage } from './papers-contract.js' */

import { t } from '../../core/i18n.js'
import { toast } from '../../core/ui/toast.js'
import { asProblem } from '../../core/problem.js'
import { html } from '../../core/view.js'
import { follow } from '../uploads/links.js'
import { documentsCard } from './documents-view.js'
import { proofsCard } from './proofs-view.js'
import { CaseRequests } from './requests.js'

/** Addresses of the creditor's documents last five minutes. */
const FRESH_MS = 240_000

export class Papers {
  #facts
  #requests
  #readAt = 0

  /**
   * @param {object} facts
   * @param {Api} facts.api
   * @param {string} facts.path  Of the case.
   * @param {string} facts.locale
   * @param {() => CasePage} facts.page
   * @param {() => void} facts.paint
   * @param {() => Promise<void>} facts.changed  The case moved with it.
   */
  constructor(facts) {
    this.#facts = facts
    this.#requests = new CaseRequests(facts)
    this.issued = { items: /** @type {IssuedDocument[] | null} */ (null), failed: false, all: false }
    this.proofs = { page: /** @type {PaperPage | null} */ (null), failed: false, ended: false }
  }

  async read() {
    await Promise.all([this.#readIssued(), this.#readProofs(), this.#requests.read()])
  }

  async #readIssued() {
    const { api, path, paint } = this.#facts
    try {
      Object.assign(this.issued, { items: (await api.get(`${path}/documents`)).items, failed: false })
    } catch {
      this.issued.failed = true
    }
    paint()
  }

  async #readProofs() {
    const { api, path, paint } = this.#facts
    try {
      Object.assign(this.proofs, { page: await api.get(`${path}/papers`), failed: false })
      this.#readAt = Date.now()
    } catch {
      this.proofs.failed = true
    }
    paint()
  }

  /** Its address lives for minutes: asked for again when it is wanted. @param {IssuedDocument} wanted */
  async #download(wanted) {
    await this.#readIssued()
    const found = this.issued.items?.find(({ document_id: own }) => own === wanted.document_id)
    if (found !== undefined && !this.issued.failed) follow(found.url)
  }

  /**
   * Follow the link as it is while its address lives; else open the tab, then find the address.
   * @param {Event} event @param {Paper} wanted
   */
  async #open(event, wanted) {
    if (Date.now() - this.#readAt < FRESH_MS) return
    event.preventDefault()
    const tab = window.open('about:blank', '_blank')
    await this.#readProofs()
    const found = this.proofs.page?.items.find(({ paper_id: own }) => own === wanted.paper_id)
    if (tab === null) return
    tab.opener = null
    if (found?.url && !this.proofs.failed) tab.location.replace(found.url)
    else tab.close()
  }

  /** @param {'add' | 'edit' | 'replace' | 'end'} act @param {Paper} [paper] */
  async #act(act, paper) {
    const { api, page, locale, changed } = this.#facts
    try {
      const known = this.proofs.page
      if (known === null) return
      const { proofDialog } = await import('./proof-dialogs.js')
      const fresh = await proofDialog({ api, page: page(), locale }, known, act, paper)
      if (fresh === undefined) return
      this.proofs.page = fresh
      await changed()
      toast(t(`papers.done.${act}`))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  async #takePack() {
    const { api, page, locale, changed } = this.#facts
    try {
      const { packDialog } = await import('./proof-dialogs.js')
      const made = await packDialog({ api, page: page(), locale })
      if (made === undefined) return
      follow(made.url)
      await changed()
      toast(t('papers.done.pack'))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  view() {
    const { page, locale, paint } = this.#facts
    const shown = page()
    return html`
      ${proofsCard({
        state: this.proofs, page: shown, locale,
        onAdd: () => void this.#act('add'), onAct: (act, paper) => void this.#act(act, paper),
        onOpen: (event, paper) => void this.#open(event, paper),
        onEnded: () => { this.proofs.ended = true; paint() }, onRetry: () => void this.#readProofs(),
      })}
      ${documentsCard({
        papers: this.issued, locale, zone: shown.portfolio.time_zone, onDownload: (one) => void this.#download(one),
        onAll: () => { this.issued.all = true; paint() }, onRetry: () => void this.#readIssued(),
        onPack: this.proofs.page?.can.add ? () => void this.#takePack() : null,
      })}
      ${this.#requests.view()}`
  }
}

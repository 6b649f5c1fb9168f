// @ts-check

/** The history of a portfolio's uploads. */

/** @import { Portfolio } from '../core/contract.js' */
/** @import { Column } from '../core/ui/table.js' */
/** @import { Context } from './shell.js' */
/** @import { Upload } from './uploads/contract.js' */

import { formatAgo, formatInstant } from '../core/dates.js'
import { formatNumber, localeFor, t, tn } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { icon } from '../core/ui/icons.js'
import { badge, card, emptyState, pageHead, pager, problemBanner, skeleton } from '../core/ui/pieces.js'
import { dataTable } from '../core/ui/table.js'
import { html, mountView, nothing } from '../core/view.js'
import { PARAM, chosenPortfolio, portfolioPicker } from './chosen-portfolio.js'
import { PortfolioList } from './portfolio-list.js'
import { start, whileVisible } from './shell.js'
import { download, pathOf } from './uploads/links.js'
import { isMoving, tookSeconds } from './uploads/progress.js'
import { noPortfolio, rowsBar, stateBadge, tookText } from './uploads/words.js'

const REFRESH_MS = 8_000

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, params, portfolios: all }) {
  const portfolios = await all()
  /** @type {PortfolioList<Upload>} */
  const list = new PortfolioList({
    api, portfolio: chosenPortfolio(portfolios, params), paint: () => view.update(),
    path: ({ portfolio_id: id }) => `/portfolios/${id}/uploads`,
  })
  const view = mountView(root, page)

  /** Keep what moves up to date without disturbing what the reader has opened below. */
  async function refresh() {
    if (list.portfolio === null || !list.items?.some(isMoving)) return
    const { items } = await api.get(`/portfolios/${list.portfolio.portfolio_id}/uploads`)
    /** @type {Map<string, Upload>} */
    const fresh = new Map(items.map((/** @type {Upload} */ item) => [item.upload_id, item]))
    list.items = list.items.map((item) => fresh.get(item.upload_id) ?? item)
    view.update()
  }

  function page() {
    const portfolio = list.portfolio
    if (portfolio === null) return html`${pageHead({ title: t('common.title.uploads') })}${noPortfolio()}`
    return html`${pageHead({
      title: t('common.title.uploads'),
      lead: t('uploads.lead'),
      actions: html`${portfolioPicker({ portfolios, chosen: portfolio, onPick: (picked) => list.pick(picked) })}
        <a class="button" href=${pathTo('merges', { [PARAM]: portfolio.portfolio_id })}>${icon('people')}${t('uploads.merges_link')}</a>
        <a class="button" href=${pathTo('papers_many', { [PARAM]: portfolio.portfolio_id })}>${icon('file')}${t('uploads.papers_link')}</a>
        <a class="button button-primary" href=${newPath(portfolio)}>${icon('plus')}${t('uploads.new')}</a>`,
    })}
    ${list.problem ? problemBanner(list.problem, () => void list.load()) : nothing}
    ${list.items === null ? (list.problem ? nothing : card({ body: skeleton(6) })) : history(list.items)}`
  }

  /** @param {Upload[]} items */
  function history(items) {
    if (items.length === 0) return empty(/** @type {Portfolio} */ (list.portfolio))
    return html`${card({
      tone: 'flush',
      body: dataTable({
        caption: t('uploads.history'), columns, rows: items, id: ({ upload_id: id }) => id, busy: list.busy && items.length === 0,
      }),
    })}${pager({ shown: items.length, busy: list.busy, more: list.cursor !== null, onMore: () => void list.load({ more: true }) })}`
  }

  /** @type {Column<Upload>[]} */
  const columns = [
    { key: 'file', label: t('uploads.col.file'), head: true, cell: fileCell },
    { key: 'state', label: t('uploads.col.state'), cell: (upload) => stateBadge(upload.state) },
    { key: 'rows', label: t('uploads.col.figures'), cell: figuresCell },
    { key: 'who', label: t('uploads.col.who'), cell: whoCell },
    { key: 'took', label: t('uploads.col.took'), shown: 'wide', cell: (upload) => tookText(tookSeconds(upload)) ?? '–' },
    {
      key: 'files', label: t('uploads.col.files'), cell: (upload) => html`<div class="button-row">
        <button type="button" class="link-button" @click=${() => download(api, `${pathOf(upload)}/original`)}>${t('uploads.original')}<span class="visually-hidden"> ${upload.filename}</span></button>
        ${upload.has_rejects ? html`<button type="button" class="link-button" @click=${() => download(api, `${pathOf(upload)}/rejects`)}>${t('uploads.rejects')}<span class="visually-hidden"> ${upload.filename}</span></button>` : nothing}
      </div>`,
    },
  ]

  await list.load()
  whileVisible(refresh, REFRESH_MS)
}

/** @param {Upload} upload */
function fileCell(upload) {
  return html`<a href=${pathTo('upload', { id: upload.upload_id, [PARAM]: upload.portfolio_id })}>${upload.filename}</a>
    <div class="muted small">${t(`uploads.mode.${upload.mode}`)}${upload.same_as ? html` ${badge(t('uploads.same_badge'), 'info')}` : nothing}</div>`
}

/** @param {Upload} upload */
function figuresCell(upload) {
  const figures = upload.applied ?? upload.checked
  const rows = figures?.rows ?? upload.progress?.rows_total ?? upload.inspection?.rows ?? null
  if (rows === null) return '–'
  return html`<div class="row-figures"><span>${tn('uploads.rows', rows)}</span>
    ${figures ? html`${rowsBar(figures)}<span class="muted small">${['created', 'updated', 'unchanged', 'rejected']
      .filter((name) => figures[/** @type {'created'} */ (name)] > 0)
      .map((name) => `${formatNumber(figures[/** @type {'created'} */ (name)])} ${t(`uploads.short.${name}`)}`).join(' · ')}</span>` : nothing}</div>`
}

/** @param {Upload} upload */
function whoCell({ created_by: who, created_at: at }) {
  const locale = localeFor()
  return html`<div>${who.name || t('uploads.by_system')}</div><time class="muted small" datetime=${at} title=${formatInstant(at, locale, undefined)}>${formatAgo(at, new Date(), locale)}</time>`
}

/** @param {Portfolio} portfolio */
function newPath(portfolio) {
  return pathTo('upload_new', { [PARAM]: portfolio.portfolio_id })
}

/** @param {Portfolio} portfolio */
function empty(portfolio) {
  return emptyState({
    icon: 'upload', title: t('uploads.empty_title'), body: t('uploads.empty_body'),
    steps: [t('uploads.empty_1'), t('uploads.empty_2'), t('uploads.empty_3')],
    actions: html`<a class="button button-primary" href=${newPath(portfolio)}>${icon('upload')}${t('uploads.new')}</a>`,
  })
}

// @ts-check

/** The phones that sign visits: who has one, and taking a lost one out of use. */

/** @import { Api } from '../../core/api.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { Column } from '../../core/ui/table.js' */
/** @import { Device } from './contract.js' */

import { formatAgo } from '../../core/dates.js'
import { loadLaterTexts, localeFor, t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { confirmDialog } from '../../core/ui/dialog.js'
import { icon } from '../../core/ui/icons.js'
import { badge, card, emptyState, pager, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { dataTable } from '../../core/ui/table.js'
import { toast } from '../../core/ui/toast.js'
import { html } from '../../core/view.js'

export class DeviceList {
  /** @type {Device[] | null} */
  #items = null
  /** @type {string | null} */
  #cursor = null
  /** @type {Problem | null} */
  #problem = null
  #busy = false
  #api
  #paint

  /** @param {{ api: Api, paint: () => void }} parts */
  constructor({ api, paint }) {
    this.#api = api
    this.#paint = paint
  }

  /** @param {{ more?: boolean }} [how] */
  async load({ more = false } = {}) {
    this.#busy = true
    this.#problem = null
    this.#paint()
    try {
      const { items, cursor } = await this.#api.get('/devices', { query: { cursor: more ? this.#cursor : null } })
      this.#items = more ? [...(this.#items ?? []), ...items] : items
      this.#cursor = cursor
    } catch (error) {
      this.#problem = asProblem(error)
    }
    this.#busy = false
    this.#paint()
  }

  view() {
    if (this.#problem) return problemBanner(this.#problem, () => void this.load())
    if (this.#items === null) return card({ body: skeleton(4) })
    const load = html`<div class="button-row"><button type="button" class="button" @click=${() => void this.#rescue()}>${icon('upload')}${t('visits.rescue')}</button></div>`
    if (this.#items.length === 0) return html`${emptyState({ icon: 'phone', title: t('visits.none.devices'), body: t('visits.about.devices') })}${load}`
    return html`<p class="muted">${t('visits.about.devices')}</p>${load}${card({
      tone: 'flush',
      body: dataTable({ caption: t('visits.tab.devices'), columns: this.#columns, rows: this.#items, id: (one) => `${one.device_id} ${one.person.id}` }),
    })}${pager({ shown: this.#items.length, busy: this.#busy, more: this.#cursor !== null, onMore: () => void this.load({ more: true }) })}`
  }

  // Private

  /** @type {Column<Device>[]} */
  #columns = [
    { key: 'who', label: t('visits.who'), head: true, cell: ({ person }) => person.name || '–' },
    { key: 'name', label: t('visits.device'), cell: ({ name }) => name },
    { key: 'since', label: t('visits.device_since'), shown: 'wide', cell: ({ created_at: at }) => formatAgo(at, new Date(), localeFor()) },
    {
      key: 'state', label: t('visits.device_state'),
      cell: (device) => device.revoked_at
        ? badge(t('visits.device_revoked', { when: formatAgo(device.revoked_at, new Date(), localeFor()) }), 'bad')
        : html`<button type="button" class="button button-small" @click=${() => this.#revoke(device)}>${icon('lock')}${t('visits.device_revoke')}</button>`,
    },
  ]

  /** What the phone of somebody who left could not send. */
  async #rescue() {
    const [{ rescueDialog }] = await Promise.all([import('./rescue.js'), loadLaterTexts()])
    await rescueDialog(this.#api)
  }

  /** @param {Device} device */
  async #revoke(device) {
    const done = await confirmDialog({
      title: t('visits.device_revoke_title', { name: device.name, person: device.person.name }), body: t('visits.device_revoke_body'),
      confirm: t('visits.device_revoke'), danger: true,
      work: () => this.#api.delete(`/devices/${encodeURIComponent(device.device_id)}`),
    })
    if (!done) return
    toast(t('visits.device_done'))
    await this.load()
  }
}

// @ts-check

/** Zones: drawn on the map corner by corner or cell by cell, named, given to people. */

/** @import { Api } from '../../core/api.js' */
/** @import { Bounds, GridCell, LatLng } from '../../core/map/contract.js' */
/** @import { CellEditor } from '../../core/map/cell-editor.js' */
/** @import { PolygonEditor } from '../../core/map/editor.js' */
/** @import { MapView } from '../../core/map/view.js' */
/** @import { Problem } from '../../core/problem.js' */
/** @import { LiveAgent, Zone } from './contract.js' */

import { t, tn, tOr } from '../../core/i18n.js'
import { boundsOf, crossesItself } from '../../core/map/geometry.js'
import { asProblem } from '../../core/problem.js'
import { confirmDialog } from '../../core/ui/dialog.js'
import { icon } from '../../core/ui/icons.js'
import { radioField, selectField } from '../../core/ui/fields.js'
import { emptyState, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, live, nothing } from '../../core/view.js'

const COLOURS = ['#1f5f5b', '#6b4fa0', '#a8382c', '#8a5a0b', '#1f5a8c', '#7a2f62']

/** H3 resolutions a zone is made of here: some 5, 0.7 and 0.1 square kilometres a cell. */
const SIZES = [7, 8, 9]

/** @typedef {{ zone: Zone | null, name: string, colour: string, people: string[], shape: 'corners' | 'cells', polygon: LatLng[], cells: string[], size: number }} Draft */

export class Zones {
  #api
  #paint
  #map
  #agents
  /** @type {Draft | null} */
  #draft = null
  /** @type {PolygonEditor | CellEditor | null} */
  #editor = null
  /** @type {Problem | null} */
  #problem = null
  #busy = false
  #told = ''

  /** @param {{ api: Api, paint: () => void, map: () => MapView | null, agents: () => LiveAgent[] }} parts */
  constructor({ api, paint, map, agents }) {
    this.#api = api
    this.#paint = paint
    this.#map = map
    this.#agents = agents
    /** @type {Zone[] | null} */
    this.items = null
    /** @type {string | null} */
    this.chosen = null
  }

  /** What is drawn would be lost. */
  get dirty() {
    return this.#draft !== null && this.#draft.polygon.length + this.#draft.cells.length > 0
  }

  async load() {
    try {
      this.items = (await this.#api.get('/zones')).items
      this.#problem = null
    } catch (error) {
      this.#problem = asProblem(error)
    }
    this.draw()
    this.#paint()
  }

  /** Onto the map; the one under way is drawn by its editor. */
  draw() {
    const editing = this.#draft?.zone?.zone_id
    this.#map()?.areas((this.items ?? []).filter((zone) => drawn(zone) && zone.zone_id !== editing).map(({ zone_id: id, name, polygon, outline, colour }) => ({
      id, name, polygon, outline, colour, tone: id === this.chosen ? 'chosen' : 'zone',
    })), this.#draft === null ? (id) => this.choose(id) : undefined)
  }

  /** @param {string} id */
  choose(id) {
    this.chosen = id === this.chosen ? null : id
    const zone = this.items?.find(({ zone_id: known }) => known === this.chosen)
    const bounds = zone ? boundsOf(pointsOf(zone)) : null
    if (bounds) this.#map()?.show(bounds, { animate: true })
    this.draw()
    this.#paint()
  }

  /** @param {Zone | null} zone  Null: a new one. */
  #edit(zone) {
    const map = this.#map()
    if (map === null) return
    this.#draft = {
      zone, name: zone?.name ?? '', colour: zone?.colour ?? COLOURS[(this.items?.length ?? 0) % COLOURS.length],
      people: zone?.people ?? [], polygon: zone?.polygon ?? [], cells: zone?.cells ?? [],
      shape: zone && zone.cells.length > 0 ? 'cells' : 'corners', size: zone?.cell_size ?? 8,
    }
    this.#problem = null
    const bounds = zone ? boundsOf(pointsOf(zone)) : null
    if (bounds) map.show(bounds)
    this.#take(this.#draft, {})
    this.draw()
    this.#paint()
  }

  /** Draw it in another way, or go on with the one there is. @param {Draft} draft @param {Partial<Draft>} change */
  #take(draft, change) {
    Object.assign(draft, change)
    this.#told = ''
    const map = this.#map()
    if (map === null) return
    this.#editor = draft.shape === 'cells'
      ? map.editCells(draft.cells, { load: (seen) => this.#grid(draft.size, seen), onChange: (cells) => this.#drew(draft, { cells }, tn('map.cells', cells.length)) })
      : map.edit(draft.polygon, (polygon) => this.#drew(draft, { polygon }, tn('map.corners', polygon.length)))
    this.#paint()
  }

  /** @param {Draft} draft @param {Partial<Draft>} change @param {string} told */
  #drew(draft, change, told) {
    Object.assign(draft, change)
    this.#told = told
    this.#paint()
  }

  /** @param {number} size @param {Bounds} seen @returns {Promise<GridCell[]>} */
  async #grid(size, [{ lat: south, lng: west }, { lat: north, lng: east }]) {
    try {
      const { items, too_many: wide } = await this.#api.get('/map-cells', { query: { south, west, north, east, size } })
      if (wide) this.#told = t('map.cells_far')
      else if (this.#told === t('map.cells_far')) this.#told = ''
      this.#paint()
      return items
    } catch (error) {
      this.#problem = asProblem(error)
      this.#paint()
      return []
    }
  }

  leave() {
    if (this.#draft === null) return
    this.#draft = null
    this.#editor = null
    this.#map()?.stopEditing()
    this.draw()
    this.#paint()
  }

  /** @param {Draft} draft */
  #fault({ name, shape, polygon, cells }) {
    if (shape === 'cells' && cells.length === 0) return t('map.zone_needs_cells')
    if (shape === 'corners' && polygon.length < 3) return t('map.zone_needs_corners')
    if (shape === 'corners' && crossesItself(polygon)) return t('map.zone_crosses')
    return name.trim() === '' ? t('map.zone_needs_name') : ''
  }

  /** @param {SubmitEvent} event */
  #save = async (event) => {
    event.preventDefault()
    const draft = this.#draft
    if (draft === null || this.#busy) return
    this.#told = this.#fault(draft)
    if (this.#told !== '') return this.#paint()
    const body = { name: draft.name.trim(), colour: draft.colour, people: draft.people, ...(draft.shape === 'cells' ? { cells: draft.cells } : { polygon: draft.polygon }) }
    this.#busy = true
    try {
      /** @type {Zone} */
      const saved = draft.zone === null
        ? await this.#api.post('/zones', body)
        : await this.#api.patch(`/zones/${draft.zone.zone_id}`, { ...body, version: draft.zone.version })
      this.chosen = saved.zone_id
      this.leave()
      toast(t('common.saved'))
      await this.load()
    } catch (error) {
      this.#problem = asProblem(error)
    }
    this.#busy = false
    this.#paint()
  }

  /** @param {Zone} zone */
  async #remove(zone) {
    await confirmDialog({
      title: t('map.zone_remove_title', { name: zone.name }), body: t('map.zone_remove_body'), confirm: t('map.zone_remove'), danger: true,
      work: async () => {
        await this.#api.delete(`/zones/${zone.zone_id}`)
        await this.load()
      },
    })
  }

  view() {
    if (this.#draft !== null) return this.#form(this.#draft)
    if (this.items === null) return this.#problem ? problemBanner(this.#problem, () => void this.load()) : skeleton(4)
    const add = html`<button type="button" class="button button-primary" @click=${() => this.#edit(null)}>${icon('plus')}${t('map.zone_new')}</button>`
    if (this.items.length === 0) {
      return emptyState({ icon: 'pin', title: t('map.zones_empty_title'), body: t('map.zones_empty_body'), steps: [t('map.zones_step_1'), t('map.zones_step_2'), t('map.zones_step_3')], actions: add })
    }
    return html`${this.#problem ? problemBanner(this.#problem) : nothing}${add}
      <ul class="zones">${this.items.map((zone) => this.#line(zone))}</ul>`
  }

  /** @param {Zone} zone */
  #line(zone) {
    const names = this.#agents().filter(({ person_id: id }) => zone.people.includes(id)).map(({ name }) => name)
    return html`<li class="zone">
      <button type="button" class="zone-name" aria-pressed=${zone.zone_id === this.chosen ? 'true' : 'false'} ?disabled=${!drawn(zone)} @click=${() => this.choose(zone.zone_id)}>
        <strong>${zone.name}</strong><span class="muted small">${zone.polygon.length > 0 ? tn('map.corners', zone.polygon.length) : tn('map.cells', zone.cells.length)}${names.length > 0 ? ` · ${names.join(', ')}` : ''}</span>
      </button>
      <span class="button-row">
        <button type="button" class="icon-button" aria-label=${t('map.zone_edit', { name: zone.name })} @click=${() => this.#edit(zone)}>${icon('edit')}</button>
        <button type="button" class="icon-button" aria-label=${t('map.zone_remove_this', { name: zone.name })} @click=${() => this.#remove(zone)}>${icon('trash')}</button>
      </span></li>`
  }

  /** @param {Draft} draft */
  #form(draft) {
    /** @param {Partial<Draft>} change */
    const set = (change) => { Object.assign(draft, change); this.#paint() }
    return html`<form class="form" novalidate @submit=${this.#save}>
      <h2>${draft.zone ? t('map.zone_editing', { name: draft.zone.name }) : t('map.zone_new')}</h2>
      ${radioField({ name: 'shape', label: t('map.zone_shape'), value: draft.shape, options: ['corners', 'cells'].map((value) => ({ value, label: t(`map.zone_of.${value}`) })), onInput: (shape) => this.#take(draft, { shape: /** @type {Draft['shape']} */ (shape) }) })}
      ${draft.shape === 'cells' ? selectField({ name: 'size', label: t('map.cell_size'), required: true, value: String(draft.size), options: [...new Set([...SIZES, draft.size])].map((size) => ({ value: String(size), label: tOr(`map.size.${size}`, String(size)) })), onInput: (size) => this.#take(draft, { size: Number(size) }) }) : nothing}
      <p class="muted">${t(draft.shape === 'cells' ? 'map.zone_how_cells' : 'map.zone_how')}</p>
      <p role="status" class="map-told">${this.#told}</p>
      ${this.#problem ? problemBanner(this.#problem) : nothing}
      <div class="button-row">
        <button type="button" class="button button-small" @click=${() => this.#editor?.addAtMiddle()}>${icon('plus')}${t(draft.shape === 'cells' ? 'map.cell_add' : 'map.corner_add')}</button>
        <button type="button" class="button button-small" ?disabled=${!this.#editor?.canUndo} @click=${() => this.#editor?.undo()}>${icon('undo')}${t('map.corner_undo')}</button>
      </div>
      <div class="field"><label for="zone-name">${t('map.zone_name')}</label><input id="zone-name" maxlength="60" .value=${live(draft.name)} @input=${(/** @type {any} */ event) => set({ name: event.target.value })}></div>
      <div class="field"><label for="zone-colour">${t('map.zone_colour')}</label><input id="zone-colour" type="color" .value=${live(draft.colour)} @input=${(/** @type {any} */ event) => set({ colour: event.target.value })}></div>
      ${this.#agents().length > 0 ? html`<fieldset class="field"><legend>${t('map.zone_people')}</legend>${this.#agents().map(({ person_id: id, name }) => html`<label class="check"><input type="checkbox" .checked=${live(draft.people.includes(id))} @change=${(/** @type {any} */ event) => set({ people: event.target.checked ? [...draft.people, id] : draft.people.filter((known) => known !== id) })}><span>${name}</span></label>`)}</fieldset>` : nothing}
      <div class="button-row">
        <button class="button button-primary" ?disabled=${this.#busy}>${t('common.save')}</button>
        <button type="button" class="button" @click=${() => this.leave()}>${t('common.cancel')}</button>
      </div></form>`
  }
}

/** Whether it can be drawn. @param {Zone} zone */
function drawn({ polygon, outline }) {
  return polygon.length > 2 || outline.length > 0
}

/** @param {Zone} zone @returns {LatLng[]} */
function pointsOf({ polygon, outline }) {
  return [...polygon, ...outline.flat(2)]
}

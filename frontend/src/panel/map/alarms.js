// @ts-check

/** Somebody pressed SOS: it stays in sight until somebody has taken care of it. */

/** @import { Api } from '../../core/api.js' */
/** @import { Alarm } from './contract.js' */

import { formatAgo } from '../../core/dates.js'
import { localeFor, t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { confirmDialog } from '../../core/ui/dialog.js'
import { icon } from '../../core/ui/icons.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'

const SOUND = 'recobro.alarm-sound'

export class Alarms {
  #api
  #paint
  /** @type {Set<string>} */
  #heard = new Set()
  /** @type {AudioContext | null} */
  #audio = null

  /** @param {{ api: Api, paint: () => void, onShow: (alarm: Alarm) => void }} parts */
  constructor({ api, paint, onShow }) {
    this.#api = api
    this.#paint = paint
    this.onShow = onShow
    /** @type {Alarm[]} */
    this.open = []
    this.sound = window.localStorage.getItem(SOUND) === 'on'
  }

  async load() {
    const { items } = await this.#api.get('/alarms')
    this.open = items.filter((/** @type {Alarm} */ alarm) => alarm.state !== 'closed')
    const fresh = this.open.filter(({ alarm_id: id, state }) => state === 'open' && !this.#heard.has(id))
    for (const { alarm_id: id } of fresh) this.#heard.add(id)
    if (fresh.length > 0 && this.sound) this.#ring()
    this.#paint()
  }

  /** A switch: sounds are only allowed by browsers after somebody pressed something. */
  toggleSound() {
    this.sound = !this.sound
    window.localStorage.setItem(SOUND, this.sound ? 'on' : 'off')
    if (this.sound) this.#ring()
    this.#paint()
  }

  /** Two short tones, made here: no file to load when it matters. */
  #ring() {
    this.#audio ??= new AudioContext()
    const start = this.#audio.currentTime
    for (const [after, pitch] of [[0, 880], [0.25, 660], [0.5, 880]]) {
      const tone = this.#audio.createOscillator()
      const volume = this.#audio.createGain()
      tone.frequency.value = pitch
      volume.gain.setValueAtTime(0.2, start + after)
      volume.gain.exponentialRampToValueAtTime(0.001, start + after + 0.22)
      tone.connect(volume).connect(this.#audio.destination)
      tone.start(start + after)
      tone.stop(start + after + 0.24)
    }
  }

  /** @param {Alarm} alarm @param {'taken' | 'closed'} state */
  async #settle({ alarm_id: id }, state) {
    await this.#api.patch(`/alarms/${id}`, { state })
    await this.load()
  }

  /** @param {Alarm} alarm */
  #take = async (alarm) => {
    try {
      await this.#settle(alarm, 'taken')
      toast(t('map.alarm_taken'))
    } catch (error) {
      toast(asProblem(error).text, 'bad')
    }
  }

  /** @param {Alarm} alarm */
  #close = async (alarm) => {
    await confirmDialog({
      title: t('map.alarm_close_title', { name: alarm.name }), body: t('map.alarm_close_body'),
      confirm: t('map.alarm_close'), work: () => this.#settle(alarm, 'closed'),
    })
  }

  /** @param {Date} now */
  view(now) {
    if (this.open.length === 0) return nothing
    return html`<section class="map-alarms" role="alert" aria-label=${t('map.alarms')}>${this.open.map((alarm) => html`<div class="map-alarm map-alarm-${alarm.state}">
      ${icon('warning')}
      <div class="map-alarm-words"><strong>${t('map.alarm', { name: alarm.name })}</strong><span>${formatAgo(alarm.at, now, localeFor())}${alarm.state === 'taken' ? html` · ${alarm.taken_by_name ? t('map.alarm_taken_by', { name: alarm.taken_by_name }) : t('map.alarm_is_taken')}` : nothing}</span></div>
      <div class="button-row">
        ${alarm.lat === null ? nothing : html`<button type="button" class="button button-small" @click=${() => this.onShow(alarm)}>${icon('pin')}${t('map.alarm_show')}</button>`}
        ${alarm.state === 'open' ? html`<button type="button" class="button button-small button-primary" @click=${() => this.#take(alarm)}>${t('map.alarm_take')}</button>` : nothing}
        <button type="button" class="button button-small" @click=${() => this.#close(alarm)}>${t('map.alarm_close')}</button>
      </div>
    </div>`)}
    <button type="button" class="link-button" aria-pressed=${this.sound ? 'true' : 'false'} @click=${() => this.toggleSound()}>${this.sound ? t('map.sound_off') : t('map.sound_on')}</button>
    </section>`
  }
}

// @ts-check

/** A questionnaire tried at the width of a phone, by the module that the phone runs. */

/** @import { Form } from '../../core/forms/form' */

import { lang, t } from '../../core/i18n.js'
import { html, nothing } from '../../core/view.js'

const SAMPLE_IMAGE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90"><rect width="160" height="90" fill="#d8e6e3"/><path d="M20 70l35-40 25 28 18-18 42 30z" fill="#1b5e57"/><circle cx="120" cy="24" r="10" fill="#c9a227"/></svg>'
/** Figures such as a case gives; what is not asked for is not used. */
const SAMPLE_CASE = { saldo: '1840.00', moneda: 'MXN', dias_mora: '32', tramo: '31-60', nombre: 'María', ciudad: 'Puebla' }

/** @returns {import('../../core/forms/render.js').Hooks} */
function samples() {
  let taken = 0
  const url = URL.createObjectURL(new Blob([SAMPLE_IMAGE], { type: 'image/svg+xml' }))
  return {
    kinds: ['photo', 'signature', 'drawing', 'audio', 'video', 'file'],
    take: async (kind) => `${kind}-${(taken += 1)}.jpg`,
    show: async () => url,
    locate: async () => ({ lat: 19.432608, lng: -99.133209, accuracy_m: 12, altitude_m: 2240 }),
    scan: async () => '7501031311309',
  }
}

/**
 * @param {Form} form
 * @param {() => void} paint
 */
export function openPreview(form, paint) {
  const place = document.createElement('div')
  place.className = 'q-screen'
  /** @type {import('../../core/forms/render.js').FormView | null} */
  let view = null
  let answers = {}
  let done = false

  async function begin() {
    const { mountForm } = await import('../../core/forms/render.js')
    view?.close()
    done = false
    view = mountForm(place, {
      form,
      surroundings: { now: localNow(), presets: SAMPLE_CASE, device: { username: 'Ana', deviceid: 'dev_prueba' } },
      language: lang(),
      hooks: samples(),
      onChange: (given) => {
        answers = given
        if (done) done = false
        paint()
      },
      onFinish: () => {
        done = true
        paint()
      },
    })
    answers = view.answers()
    paint()
  }

  void begin()
  return {
    template: () => html`<div class="split"><div class="stack">
        <p class="muted small">${t('questionnaires.preview_note')}</p>
        <div class="q-phone">${place}</div></div>
      <div class="stack">
        <div class="button-row"><button type="button" class="button" @click=${begin}>${t('questionnaires.again')}</button></div>
        <p role="status">${done ? t('questionnaires.complete') : nothing}</p>
        <details class="card"><summary>${t('questionnaires.sent_answers')}</summary><pre class="answers" tabindex="0">${JSON.stringify(answers, null, 2)}</pre></details>
      </div></div>`,
  }
}

/** This moment as the phone's clock shows it, with its zone. */
function localNow() {
  const now = new Date()
  const minutes = -now.getTimezoneOffset()
  const two = (/** @type {number} */ n) => String(Math.floor(Math.abs(n))).padStart(2, '0')
  const local = new Date(now.getTime() + minutes * 60_000).toISOString().slice(0, 23)
  return `${local}${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}

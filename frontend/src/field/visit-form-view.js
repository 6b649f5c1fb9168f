// @ts-check

/** The questionnaire of a result, in the renderer that the panel's preview uses too. */

import { lang, t } from '../core/i18n.js'
import { openDialog } from '../core/ui/dialog.js'
import { banner } from '../core/ui/pieces.js'
import { html } from '../core/view.js'
import { takePhoto } from './photos.js'
import { signaturePad } from './signature.js'
import { dispositionOf, presetsOf } from './visit.js'

/** @import { FormView } from '../core/forms/render.js' */
/** @import { Desk } from './visit-view.js' */

/** @type {{ key: string, place: HTMLElement, view: FormView | null, keep: (answers: any) => void } | null} */
let mounted = null

/** @param {Desk} desk */
export function formStep({ app, desk, visit, portfolio }) {
  const formId = dispositionOf(visit, portfolio)?.form_id
  const form = app.day?.forms.find((one) => one.form_id === formId)
  if (form === undefined) return html`<h1 tabindex="-1">${t('visit.form')}</h1>${banner({ tone: 'warn', title: t('visit.form_missing'), body: t('visit.form_missing_body') })}`
  const key = `${visit.visit_id} ${form.form_id} ${form.version}`
  if (mounted?.key !== key) {
    mounted?.view?.close()
    /** @param {any} answers */
    const keep = (answers) => void desk.change((one) => { one.form = { form_id: form.form_id, version: form.version, answers } })
    mounted = { key, place: document.createElement('div'), view: null, keep }
    void mount({ app, desk, visit }, form, mounted)
  }
  return html`<h1 tabindex="-1">${t('visit.form')}</h1>${mounted.place}`
}

/**
 * Whether the questionnaire may be left; what is wrong is shown when not. Its answers are kept
 * then even when nobody touched it: what it sets and reckons by itself is an answer too.
 */
export function leaveForm() {
  if (!mounted?.view) return true
  const well = mounted.view.check()
  if (well) mounted.keep(mounted.view.answers())
  return well
}

/**
 * @param {Pick<Desk, 'app' | 'desk' | 'visit'>} at @param {{ form_id: string, version: string | number, compiled: any }} form
 * @param {NonNullable<typeof mounted>} made
 */
async function mount({ app, desk, visit }, { form_id, version, compiled }, made) {
  const { mountForm } = await import('../core/forms/render.js')
  const old = visit.form?.form_id === form_id && visit.form.version === version ? visit.form.answers : null
  made.view = mountForm(made.place, {
    form: compiled, answers: old, language: lang(),
    surroundings: { now: localNow(), presets: presetsOf(visit, app.day?.stops.find((stop) => stop.case_id === visit.case_id)) },
    hooks: {
      kinds: ['photo', 'signature', 'drawing'],
      take: (kind) => (kind === 'photo' ? take({ app, desk, visit }) : draw({ app, desk, visit }, kind)),
      show: async (name) => desk.pictures.get(name) ?? null,
      locate: async () => app.places.latest ?? Promise.reject(new Error('no place')),
    },
    onChange: made.keep,
  })
}

/** A photo for a question; it travels with the visit's others. @param {Pick<Desk, 'app' | 'desk' | 'visit'>} at @returns {Promise<string | null>} */
function take({ app, desk, visit }) {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = 'image/*'
  input.setAttribute('capture', 'environment')
  return new Promise((resolve, reject) => {
    input.addEventListener('cancel', () => resolve(null))
    input.addEventListener('change', () => {
      const [file] = input.files ?? []
      if (file === undefined) return resolve(null)
      takePhoto(file, { visitId: visit.visit_id, kind: 'document', fix: app.places.latest, now: Date.now() })
        .then(async (photo) => {
          await desk.addPhoto(photo)
          resolve(photo.photo_id)
        }, reject)
    })
    input.click()
  })
}

/** A signature or drawing for a question. @param {Pick<Desk, 'app' | 'desk' | 'visit'>} at @param {string} kind @returns {Promise<string | null>} */
async function draw({ app, desk, visit }, kind) {
  const photo = await openDialog({
    title: t(kind === 'signature' ? 'visit.signature' : 'visit.drawing'),
    body: ({ close }) => signaturePad({ visit, kind: 'document', fix: () => app.places.latest, onSigned: close }),
  })
  if (photo === undefined) return null
  await desk.addPhoto(photo)
  return photo.photo_id
}

/** The wall clock with its distance to UTC, as questionnaires count time. */
function localNow() {
  const now = new Date()
  const ahead = -now.getTimezoneOffset()
  const zone = `${ahead < 0 ? '-' : '+'}${String(Math.trunc(Math.abs(ahead) / 60)).padStart(2, '0')}:${String(Math.abs(ahead) % 60).padStart(2, '0')}`
  return new Date(now.getTime() + ahead * 60_000).toISOString().replace('Z', zone)
}

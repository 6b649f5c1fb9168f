// @ts-check

/** Signing with a finger. */

import { t } from '../core/i18n.js'
import { html, nothing } from '../core/view.js'
import { icon } from '../core/ui/icons.js'
import { photoOf } from './photos.js'

/** @import { Fix, Photo, PhotoKind, Visit } from './types' */

const WIDTH = 600
const HEIGHT = 300

/** @type {HTMLCanvasElement | null} */
let pad = null
let strokes = 0

/**
 * @param {{ visit: Visit, kind?: PhotoKind, fix: () => Fix | null, onSigned: (photo: Photo) => void, error?: string }} facts
 */
export function signaturePad({ visit, kind = 'signature', fix, onSigned, error }) {
  pad ??= makePad()
  const canvas = pad
  canvas.setAttribute('aria-label', t('visit.signature_pad'))
  const done = async () => {
    if (strokes === 0) return canvas.focus()
    onSigned(await photoOf(canvas, { visitId: visit.visit_id, kind, fix: fix(), now: Date.now() }))
    wipe(canvas)
  }
  return html`<div class="field ${error ? 'field-bad' : ''}">${canvas}
    ${error ? html`<p class="field-error" tabindex="-1">${icon('warning')}${error}</p>` : nothing}
    <div class="button-row"><button type="button" class="button button-large" @click=${() => wipe(canvas)}>${icon('undo')}${t('visit.signature_clear')}</button>
    <button type="button" class="button button-primary button-large" @click=${done}>${icon('check')}${t('visit.signature_keep')}</button></div></div>`
}

function makePad() {
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH
  canvas.height = HEIGHT
  canvas.className = 'signature-pad'
  canvas.tabIndex = 0
  canvas.setAttribute('role', 'img')
  wipe(canvas)
  const pen = penOf(canvas)
  let down = false
  /** @param {PointerEvent} event */
  const at = (event) => {
    const box = canvas.getBoundingClientRect()
    return /** @type {const} */ ([((event.clientX - box.left) * WIDTH) / box.width, ((event.clientY - box.top) * HEIGHT) / box.height])
  }
  canvas.addEventListener('pointerdown', (event) => {
    down = true
    strokes += 1
    canvas.setPointerCapture(event.pointerId)
    pen.beginPath()
    pen.moveTo(...at(event))
  })
  canvas.addEventListener('pointermove', (event) => {
    if (!down) return
    pen.lineTo(...at(event))
    pen.stroke()
  })
  for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, () => { down = false })
  return canvas
}

/** @param {HTMLCanvasElement} canvas */
function wipe(canvas) {
  const pen = penOf(canvas)
  strokes = 0
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, WIDTH, HEIGHT)
}

/** @param {HTMLCanvasElement} canvas */
function penOf(canvas) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
  pen.lineWidth = 4
  pen.lineCap = 'round'
  pen.lineJoin = 'round'
  pen.strokeStyle = '#10201d'
  return pen
}

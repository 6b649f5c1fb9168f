// @ts-check

/** The controls that a device answers: camera, position, drawing, bar codes. */

import { t } from '../i18n.js'
import { html, nothing } from '../view.js'
import { field } from './render-controls.js'

/** @import { Content } from '../view.js' */
/** @import { Sheet } from './render-controls.js' */
/** @import { Node } from './tree.js' */

/** @param {Node} node @param {Sheet} sheet @returns {Content} */
export function deviceControl(node, sheet) {
  switch (node.item.kind) {
    case 'barcode':
      return barcode(node, sheet)
    case 'geopoint':
      return place(node, sheet)
    case 'geotrace':
    case 'geoshape':
      return places(node, sheet)
    default:
      return file(node, sheet)
  }
}

/**
 * Run what a hook does, the button waiting.
 * @param {Node} node
 * @param {Sheet} sheet
 * @param {() => Promise<string | null>} work  Gives the answer; null keeps the one there is.
 */
async function during(node, sheet, work) {
  if (sheet.busy.has(node)) return
  sheet.busy.add(node)
  sheet.failed.delete(node)
  sheet.paint()
  try {
    const value = await work()
    if (value !== null) sheet.answer(node, value)
  } catch {
    sheet.failed.add(node)
  } finally {
    sheet.busy.delete(node)
    sheet.paint()
  }
}

/** @param {Node} node @param {Sheet} sheet @param {string} label @param {() => Promise<string | null>} work */
function act(node, sheet, label, work) {
  const busy = sheet.busy.has(node)
  return html`<button type="button" class="button ask-act" id=${sheet.id(node)} ?disabled=${busy} aria-describedby=${sheet.described(node)}
    @click=${() => during(node, sheet, work)}>${busy ? t('filling.wait') : label}</button>`
}

/** @param {Node} node @param {Sheet} sheet */
function failure(node, sheet) {
  return html`<p class="hint" role="status">${sheet.failed.has(node) ? t('filling.device_failed') : nothing}</p>`
}

/** @param {Node} node @param {Sheet} sheet */
function clear(node, sheet) {
  return node.value === '' ? nothing : html`<button type="button" class="button button-quiet button-small" @click=${() => sheet.answer(node, '')}>${t('filling.remove')}</button>`
}

/** @param {Node} node @param {Sheet} sheet */
function file(node, sheet) {
  const kind = /** @type {import('./render.js').FileKind} */ (node.item.kind)
  const { take } = sheet.hooks
  if (!take || !(sheet.hooks.kinds ?? ['photo', 'signature', 'drawing']).includes(kind)) {
    return html`<p class="hint" id=${sheet.id(node)} tabindex="-1">${t('filling.no_device')}</p>`
  }
  const url = node.value === '' ? undefined : sheet.urlOf(node.value)
  const label = t(node.value === '' ? `filling.take_${kind}` : 'filling.again')
  return html`${node.value === '' ? nothing : url && ['photo', 'signature', 'drawing'].includes(kind)
      ? html`<img class="ask-photo" src=${url} alt=${t('filling.taken')}>`
      : html`<p class="ask-given">${node.value}</p>`}
    <div class="button-row">${act(node, sheet, label, () => take(kind, { path: node.path(), name: node.name }))}${clear(node, sheet)}</div>${failure(node, sheet)}`
}

/** @param {Node} node @param {Sheet} sheet */
function barcode(node, sheet) {
  const scan = sheet.hooks.scan ?? ('BarcodeDetector' in globalThis ? async () => (await import('./scan.js')).scan() : null)
  return html`<div class="ask-with">${field(node, sheet, {})}${scan
    ? html`<button type="button" class="button" @click=${() => during(node, sheet, scan)}>${t('filling.scan')}</button>`
    : nothing}</div>${failure(node, sheet)}`
}

/** @param {Sheet} sheet */
async function here(sheet) {
  const { lat, lng, altitude_m: up, accuracy_m: accuracy } = await (sheet.hooks.locate ?? located)()
  return [lat.toFixed(6), lng.toFixed(6), (up ?? 0).toFixed(1), accuracy.toFixed(1)].join(' ')
}

/** @returns {Promise<import('./render.js').Fix>} */
function located() {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lng: coords.longitude, altitude_m: coords.altitude, accuracy_m: coords.accuracy }),
      reject,
      { enableHighAccuracy: true, timeout: 30_000, maximumAge: 0 },
    )
  })
}

/** @param {string} value */
function written(value) {
  const [lat, lng, , accuracy] = value.split(/\s+/)
  return `${lat}, ${lng}${accuracy === undefined ? '' : ` (± ${Math.round(Number(accuracy))} m)`}`
}

/** @param {Node} node @param {Sheet} sheet */
function place(node, sheet) {
  return html`${node.value === '' ? nothing : html`<p class="ask-given">${written(node.value)}</p>`}
    <div class="button-row">${act(node, sheet, t(node.value === '' ? 'filling.locate' : 'filling.again'), () => here(sheet))}${clear(node, sheet)}</div>${failure(node, sheet)}`
}

/** A path, or a ring that closes itself. @param {Node} node @param {Sheet} sheet */
function places(node, sheet) {
  const ring = node.item.kind === 'geoshape'
  const found = node.value.split(';').map((one) => one.trim()).filter((one) => one !== '')
  const open = ring && found.length > 1 && found[0] === found[found.length - 1] ? found.slice(0, -1) : found
  const add = async () => {
    const all = [...open, await here(sheet)]
    return (ring && all.length > 2 ? [...all, all[0]] : all).join('; ')
  }
  return html`${open.length === 0 ? nothing : html`<ol class="ask-given">${open.map((one) => html`<li>${written(one)}</li>`)}</ol>`}
    <div class="button-row">${act(node, sheet, t('filling.add_place'), add)}${clear(node, sheet)}</div>${failure(node, sheet)}`
}

// @ts-check

/** What is said of a case wherever it is listed. */

/** @import { Band } from '../../core/contract.js' */
/** @import { Tone } from '../../core/ui/pieces.js' */
/** @import { CaseStatus } from './contract.js' */

import { t, tn } from '../../core/i18n.js'
import { badge } from '../../core/ui/pieces.js'
import { html } from '../../core/view.js'
import { bandName, bandTone } from '../bands.js'

/** @type {Record<CaseStatus, Tone>} */
const TONES = { open: 'neutral', promised: 'info', held: 'warn', settled: 'good', void: 'bad' }

/** @param {CaseStatus} status */
export function statusBadge(status) {
  return badge(t(`common.case_status.${status}`), TONES[status])
}

/**
 * How late a case is, in days, with the shade of its band.
 * @param {number} dpd  Days past due.
 * @param {string | null} code
 * @param {Band[]} bands
 */
export function lateness(dpd, code, bands) {
  const index = bands.findIndex((band) => band.code === code)
  const words = dpd > 0 ? tn('cases.days_late', dpd) : t('common.band.current')
  if (index === -1) return html`<span class="nowrap">${words}</span>`
  return html`<span class="late" title=${bandName(bands[index])}><span class="late-dot ${bandTone(index, bands.length)}" aria-hidden="true"></span>${words}</span>`
}

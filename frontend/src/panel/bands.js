// @ts-check

import { t } from '../core/i18n.js'

/** @import { Band } from '../core/contract.js' */

/** Shades there are for ageing, `--age-0` to `--age-7`. */
const SHADES = 8

/**
 * A band in words: by its days, since codes are the creditor's own.
 * @param {Band} band
 */
export function bandName({ from_dpd: from, to_dpd: to }) {
  if (to === 0 && from !== null) return t('common.band.soon', { n: -from })
  if (to !== null && to <= 0) return t('common.band.current')
  if (to === null) return t('common.band.open', { from: from ?? 0 })
  if (from === null) return t('common.band.up_to', { to })
  return from === to ? t('common.days.other', { n: from }) : t('common.band.range', { from, to })
}

/**
 * The class that colours a band, spreading the shades over however many bands there are.
 * @param {number} index
 * @param {number} count
 */
export function bandTone(index, count) {
  const shade = count <= 1 ? 0 : Math.round((index * (SHADES - 1)) / Math.max(count - 1, SHADES - 3))
  return `age-${Math.min(shade, SHADES - 1)}`
}

/** @typedef {{ index: number, part: 'code' | 'to_dpd', fault: 'code' | 'repeated' | 'order' }} BandFault */

/** As the API has it: short, without spaces or the marks its keys are joined with. */
const CODE = /^[^\s#/]{1,20}$/

/**
 * Bands that follow each other day by day: each begins the day after the one before ends, and
 * the last has no end, so that no debt falls between two.
 *
 * @param {Band[]} bands  Only the first `from_dpd` and every `to_dpd` but the last are looked at.
 * @returns {Band[]}
 */
export function contiguous(bands) {
  return bands.map((band, i) => ({
    code: band.code.trim(),
    from_dpd: i === 0 ? band.from_dpd : (bands[i - 1].to_dpd ?? 0) + 1,
    to_dpd: i === bands.length - 1 ? null : band.to_dpd,
  }))
}

/**
 * @param {Band[]} bands  Contiguous.
 * @returns {BandFault[]}
 */
export function bandFaults(bands) {
  /** @type {BandFault[]} */
  const faults = []
  const seen = new Set()
  bands.forEach(({ code, from_dpd: from, to_dpd: to }, index) => {
    if (!CODE.test(code)) faults.push({ index, part: 'code', fault: 'code' })
    else if (seen.has(code)) faults.push({ index, part: 'code', fault: 'repeated' })
    seen.add(code)
    const last = index === bands.length - 1
    if (!last && (to === null || (from !== null && to < from))) faults.push({ index, part: 'to_dpd', fault: 'order' })
  })
  return faults
}

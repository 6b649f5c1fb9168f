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

/** @typedef {'gap' | 'overlap' | 'order' | 'code' | 'open'} BandFault */

/**
 * What is wrong with a set of bands: together they must cover every day exactly once.
 *
 * @param {Band[]} bands  In order, earliest first.
 * @returns {{ index: number, fault: BandFault }[]}
 */
export function bandFaults(bands) {
  /** @type {{ index: number, fault: BandFault }[]} */
  const faults = []
  const codes = new Set()
  bands.forEach((band, index) => {
    const code = band.code.trim()
    if (code === '' || codes.has(code)) faults.push({ index, fault: 'code' })
    codes.add(code)
    const last = index === bands.length - 1
    if ((band.to_dpd === null) !== last) faults.push({ index, fault: 'open' })
    if (band.from_dpd !== null && band.to_dpd !== null && band.to_dpd < band.from_dpd) faults.push({ index, fault: 'order' })
    const before = index > 0 ? bands[index - 1].to_dpd : null
    if (before !== null && band.from_dpd !== null) {
      if (band.from_dpd > before + 1) faults.push({ index, fault: 'gap' })
      if (band.from_dpd < before + 1) faults.push({ index, fault: 'overlap' })
    }
  })
  return faults
}

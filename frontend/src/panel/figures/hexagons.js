// @ts-check

/** What a report by hexagons says of each, and how full its colour is. */

/** @import { LatLng } from '../../core/map/contract.js' */
/** @import { MeasureTold, ReportTold } from './contract.js' */

/** Those that can be drawn: money, then shares. */
export const SHOWN = ['collected', 'liquidation', 'contact_rate', 'rpc_attempts', 'verified_rate', 'visit_effectiveness']
/** All that is asked for, in one question. */
export const ASKED = [...SHOWN, 'cases']
/** The columns of the lake that hold a hexagon: 0.7 km², 36 km². */
export const SIZES = ['cell', 'district']
export const MOST = 1000 // hexagons at once
export const FEW = 10 // a share of fewer says nothing

/**
 * @typedef {object} Hexagon
 * @property {string} cell
 * @property {LatLng[]} border
 * @property {Record<string, MeasureTold>} values  By measure.
 * @property {number | null} share  Of the most that a hexagon has, 0 to 1; null where too little is known.
 * @property {number} rank  1 has most of what is shown; what too little is known of comes last.
 */

/**
 * Those that have a place on the map, the most of a measure first.
 * @param {ReportTold} told
 * @param {string} measure
 * @returns {Hexagon[]}
 */
export function hexagonsOf(told, measure) {
  const found = told.lines.flatMap(({ keys: [cell], values }) => {
    const border = told.borders?.[cell]
    if (border === undefined) return []
    const named = Object.fromEntries(told.measures.map((code, at) => [code, values[at]]))
    return [{ cell, border, values: named, known: sampleOf(named, measure) < FEW ? null : named[measure].value }]
  })
  const most = Math.max(0, ...found.map(({ known }) => known ?? 0))
  return found
    .sort((a, b) => (b.known ?? -1) - (a.known ?? -1) || a.cell.localeCompare(b.cell))
    .map(({ known, ...one }, at) => ({ ...one, rank: at + 1, share: known === null ? null : most > 0 ? Math.max(0, known) / most : 0 }))
}

/**
 * How many things a measure rests on in a hexagon. Money is a sum and not a guess: it needs no sample.
 * @param {Record<string, MeasureTold>} values
 * @param {string} measure
 */
function sampleOf(values, measure) {
  if (measure === 'collected') return Infinity
  return measure === 'liquidation' ? values.cases.numerator : (values[measure].denominator ?? 0)
}

/** Cases that have no place. @param {ReportTold} told */
export function placeless(told) {
  const at = told.measures.indexOf('cases')
  return told.lines.find(({ keys }) => keys[0] === '')?.values[at].numerator ?? 0
}

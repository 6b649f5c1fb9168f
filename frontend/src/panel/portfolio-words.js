// @ts-check

import { lang, t } from '../core/i18n.js'

/** @import { Component } from '../core/contract.js' */

/**
 * "Fees, then interest, then principal", in the page's language.
 * @param {Component[]} order
 */
export function allocationText(order) {
  return order.map((component) => t(`common.component.${component}`)).join(' → ')
}

/**
 * A time zone by its city and the offset it has today.
 * @param {string} zone
 */
export function zoneName(zone) {
  const city = zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')
  const part = new Intl.DateTimeFormat(lang(), { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts(new Date())
    .find(({ type }) => type === 'timeZoneName')
  return part === undefined ? city : `${city} (${part.value})`
}

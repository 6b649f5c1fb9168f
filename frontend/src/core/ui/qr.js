// @ts-check

import { encode } from 'uqr'
import { svg } from '../view.js'

const QUIET_ZONE = 2

/**
 * A QR code as one SVG path; drawn dark on white in both themes, as cameras want it.
 * @param {string} text
 * @param {string} label  What it is for, for who cannot see it.
 */
export function qrCode(text, label) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('')
  return svg`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label=${label} shape-rendering="crispEdges"><rect class="qr-ground" width=${size} height=${size}></rect><path class="qr-ink" d=${path}></path></svg>`
}

// @ts-check

/** What a scanner for malware said of a file: in words, and whether there is anything to open. */

/** @typedef {'off' | 'waiting' | 'clean' | 'infected' | 'unknown'} Scan */

import { t } from '../i18n.js'
import { html, nothing } from '../view.js'
import { badge } from './pieces.js'

/** @param {Scan} scan  Nothing is said of what is clean. */
export function scanNote(scan) {
  if (scan === 'clean') return nothing
  if (scan === 'off') return html`<span class="muted small">${t('common.scan.off')}</span>`
  return badge(t(`common.scan.${scan}`), scan === 'infected' ? 'bad' : 'warn')
}

/**
 * A file of a list: its link, or its name where nobody gets it; then what was said of it.
 * @param {{ name: string, url: string | null, scan: Scan }} file
 */
export function fileLink({ name, url, scan }) {
  return html`${url === null ? html`<span>${name}</span>` : html`<a href=${url} rel="noopener" download>${name}</a>`} ${scanNote(scan)}`
}

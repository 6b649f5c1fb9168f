// @ts-check

/** Files that the server hands out by a short-lived link. */

/** @import { Api } from '../../core/api.js' */
/** @import { Scan } from '../../core/ui/scan.js' */

import { t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { toast } from '../../core/ui/toast.js'

/**
 * Ask for the link only when it is wanted: it lives for minutes.
 * @param {Api} api
 * @param {string} path
 * @param {Record<string, string>} [query]
 */
export async function download(api, path, query) {
  try {
    /** @type {{ url: string, scan?: Scan }} */
    const { url, scan } = await api.get(path, { query })
    warn(scan)
    follow(url)
  } catch (error) {
    toast(asProblem(error).text, 'bad')
  }
}

/** Say what to mind of a file that nobody vouches for. @param {Scan} [scan] */
export function warn(scan) {
  if (scan === 'waiting' || scan === 'unknown') toast(t(`common.scan.${scan}`), 'info')
}

/** @param {string} url */
export function follow(url) {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}

/** @param {{ portfolio_id: string, upload_id: string }} upload */
export function pathOf({ portfolio_id: portfolio, upload_id: id }) {
  return `/portfolios/${encodeURIComponent(portfolio)}/uploads/${encodeURIComponent(id)}`
}

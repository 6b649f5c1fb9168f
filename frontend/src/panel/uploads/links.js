// @ts-check

/** Files that the server hands out by a short-lived link. */

/** @import { Api } from '../../core/api.js' */

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
    const { url } = await api.get(path, { query })
    follow(url)
  } catch (error) {
    toast(asProblem(error).text, 'bad')
  }
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

// @ts-check

/** The register as a file that spreadsheets open: every page of what is shown. */

/** @import { Api } from '../../core/api.js' */
/** @import { RequestLine } from './contract.js' */

import { t } from '../../core/i18n.js'
import { written } from '../team/csv.js'

/** Names and whoever sees to it are what people wrote; the rest is ours. */
const PEOPLE = 3

/**
 * @param {Pick<Api, 'get'>} api
 * @param {string} path  Of the register, its filters on it.
 * @returns {Promise<string>}
 */
export async function registerFile(api, path) {
  /** @type {RequestLine[]} */
  const all = []
  /** @type {string | null} */
  let cursor = null
  do {
    const page = await api.get(path, { query: { cursor, limit: '200', file: 'yes' } })
    all.push(...page.items)
    cursor = page.cursor
  } while (cursor !== null)
  const head = ['name', 'owner', 'number', 'kind', 'way', 'state', 'received', 'due', 'is_late', 'verdict', 'ended'].map((key) => t(`requests.file.${key}`))
  return written([head, ...all.map(row)], PEOPLE)
}

/** @param {RequestLine} one */
function row(one) {
  return [
    one.name || t('common.nameless'), one.owner?.name || one.owner?.id || '', one.number, t(`requests.kind.${one.kind}`), t(`requests.way.${one.way}`), t(`requests.state.${one.state}`),
    one.received_on, one.due_on, t(one.late ? 'common.yes' : 'common.no'), one.verdict === '' ? '' : t(`requests.verdict.${one.verdict}`), one.ended_at ?? '',
  ]
}

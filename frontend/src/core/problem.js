// @ts-check

import { loadRefusals, tOr } from './i18n.js'

/**
 * A refusal or failure of the API as one shape, whoever wrote the answer.
 *
 * The browser meets three: ours `{"code","details"}`, Chalice's `{"Code","Message"}` and API
 * Gateway's `{"message"}` or `{"Message"}`. Nothing else in the pages looks at an error body.
 */
export class Problem extends Error {
  /**
   * @param {object} facts
   * @param {string} facts.code  Stable dotted name; texts are keyed by it.
   * @param {number} facts.status  0: there was no answer at all.
   * @param {Record<string, any>} [facts.details]
   * @param {string | null} [facts.requestId]  What support needs to find it in the logs.
   */
  constructor({ code, status, details = {}, requestId = null }) {
    super(code)
    this.name = 'Problem'
    this.code = code
    this.status = status
    this.details = details
    this.requestId = requestId
  }

  /** What the reader is told: by code, else by status, else in general. */
  get text() {
    const values = /** @type {Record<string, string | number>} */ (
      Object.fromEntries(Object.entries(this.details).filter(([, v]) => typeof v === 'string' || typeof v === 'number'))
    )
    return tOr(`errors.${this.code}`, null, values)
      ?? tOr(`errors.http.${this.status}`, null, values)
      ?? tOr('errors.unknown', this.code)
  }
}

const GATEWAY = /** @type {Record<number, string>} */ ({
  400: 'http.bad_request',
  401: 'session.expired',
  403: 'actor.not_allowed',
  404: 'http.not_found',
  405: 'http.not_found',
  409: 'http.conflict',
  413: 'http.too_large',
  429: 'http.too_many',
})

/**
 * Read a refusal, with the words to tell it in.
 *
 * @param {Response} response
 * @returns {Promise<Problem>}
 */
export async function problemOf(response) {
  const [body] = await Promise.all([response.json().catch(() => null), loadRefusals()])
  return foldProblem(response.status, body, response.headers)
}

/**
 * @param {number} status
 * @param {any} body  Whatever JSON came, or null.
 * @param {{ get(name: string): string | null }} headers
 */
export function foldProblem(status, body, headers) {
  const requestId = body?.request_id ?? headers.get('x-amzn-requestid') ?? headers.get('x-request-id')
  if (typeof body?.code === 'string') {
    return new Problem({ code: body.code, status, details: body.details ?? {}, requestId })
  }
  return new Problem({ code: codeOf(status, messageOf(body)), status, requestId })
}

/**
 * @param {number} status
 * @param {string} message
 */
function codeOf(status, message) {
  // API Gateway says 403 both for a path it does not know and for an authoriser's no.
  if (status === 403 && message === 'Missing Authentication Token') return 'http.not_found'
  if (status === 403 && /not authorized|explicit deny/i.test(message)) return 'session.refused'
  return GATEWAY[status] ?? (status >= 500 ? 'http.server' : 'http.bad_request')
}

/** @param {any} body */
function messageOf(body) {
  const message = body?.message ?? body?.Message
  return typeof message === 'string' ? message : ''
}

/** @param {unknown} error */
export function asProblem(error) {
  if (error instanceof Problem) return error
  return new Problem({ code: 'page.failed', status: 0, details: {} })
}

// @ts-check

import { Problem, problemOf } from './problem.js'

const BASE = '/api/v1'

/** Answers after which a new token is worth one more try. @param {unknown} error */
function aboutSession(error) {
  return error instanceof Problem && (error.status === 401 || error.code === 'session.refused')
}

/**
 * @typedef {object} CallOptions
 * @property {Record<string, string | number | boolean | null | undefined>} [query]
 * @property {unknown} [body]
 * @property {string} [key]  Idempotency-Key: one per thing the person does, kept over retries.
 *   POSTs without one get a fresh key that their own retry reuses.
 * @property {boolean} [anonymous]  Send no token (sign-in and forgotten password).
 * @property {AbortSignal} [signal]
 * @property {string} [raw]  The body as it was written and signed; sent byte for byte.
 * @property {Record<string, string>} [headers]  More of them, such as a signature.
 */

/** @typedef {{ token(): Promise<string | null>, refresh(refused?: string): Promise<boolean> }} TokenSource */

export class Api {
  #session
  #fetch

  /**
   * @param {object} parts
   * @param {TokenSource} parts.session
   * @param {typeof globalThis.fetch} parts.fetch
   */
  constructor({ session, fetch }) {
    this.#session = session
    this.#fetch = fetch
    /** Called when the session is over; pages go to sign-in. */
    this.onSignedOut = () => {}
  }

  /** @param {string} path @param {CallOptions} [options] @returns {Promise<any>} */
  get(path, options) {
    return this.#call('GET', path, options)
  }

  /** @param {string} path @param {unknown} [body] @param {CallOptions} [options] @returns {Promise<any>} */
  post(path, body, options) {
    return this.#call('POST', path, { key: newKey(), ...options, body })
  }

  /** @param {string} path @param {unknown} [body] @param {CallOptions} [options] @returns {Promise<any>} */
  put(path, body, options) {
    return this.#call('PUT', path, { ...options, body })
  }

  /** @param {string} path @param {unknown} [body] @param {CallOptions} [options] @returns {Promise<any>} */
  patch(path, body, options) {
    return this.#call('PATCH', path, { ...options, body })
  }

  /** @param {string} path @param {CallOptions} [options] @returns {Promise<any>} */
  delete(path, options) {
    return this.#call('DELETE', path, options)
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {CallOptions} [options]
   */
  async #call(method, path, options = {}) {
    if (options.anonymous) return this.#send(method, path, options, null)
    const token = await this.#orUnreachable(() => this.#session.token())
    if (token === null) throw this.#over()
    try {
      return await this.#send(method, path, options, token)
    } catch (error) {
      if (!aboutSession(error)) throw error
      if (!(await this.#orUnreachable(() => this.#session.refresh(token)))) throw this.#over()
      return await this.#again(method, path, options, await this.#session.token())
    }
  }

  /**
   * The second try with a new token: a gateway's "no" to a fresh token is about rights.
   * @param {string} method
   * @param {string} path
   * @param {CallOptions} options
   * @param {string | null} token
   */
  async #again(method, path, options, token) {
    try {
      return await this.#send(method, path, options, token)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.status === 401) throw this.#over()
      if (error.code === 'session.refused') throw new Problem({ ...error, code: 'actor.not_allowed' })
      throw error
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {CallOptions} options
   * @param {string | null} token
   */
  async #send(method, path, { query, body, raw, headers: more, key, signal }, token) {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    /** @type {Record<string, string>} */
    const headers = { ...more, Accept: 'application/json' }
    if (token !== null) headers.Authorization = `Bearer ${token}`
    if (content !== undefined) headers['Content-Type'] = 'application/json'
    if (key !== undefined) headers['Idempotency-Key'] = key
    const response = await this.#orUnreachable(() => this.#fetch(BASE + path + queryString(query, path.includes('?')), {
      method,
      headers,
      body: content,
      credentials: 'same-origin',
      signal,
    }))
    if (!response.ok) throw await problemOf(response)
    if (response.status === 204) return null
    return response.json().catch((error) => {
      if (isAbort(error)) throw error // cancelled while the answer was read
      return null
    })
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   */
  async #orUnreachable(work) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof Problem || (error instanceof Error && error.name === 'AbortError')) throw error
      throw new Problem({ code: 'network.unreachable', status: 0 })
    }
  }

  #over() {
    this.onSignedOut()
    return new Problem({ code: 'session.expired', status: 401 })
  }
}

/** @param {CallOptions['query']} query @param {boolean} more  The path has a query already. */
function queryString(query = {}, more = false) {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => [name, String(value)])
  return pairs.length === 0 ? '' : `${more ? '&' : '?'}${new URLSearchParams(pairs)}`
}

export function newKey() {
  return crypto.randomUUID()
}

/** True when somebody cancelled the call on purpose. @param {unknown} error */
export function isAbort(error) {
  return error instanceof Error && error.name === 'AbortError'
}

// @ts-check

/**
 * A file on its way to storage: a form post straight to the bucket. XMLHttpRequest, because
 * `fetch` cannot say how much of a body has left.
 */

import { Problem } from '../../core/problem.js'

const READABLE = ['csv', 'tsv', 'txt', 'xlsx', 'xls', 'ods']

/** What the file picker offers. */
export const ACCEPT = READABLE.map((extension) => `.${extension}`).join(',')

/**
 * Refusals worth making before a byte leaves; the server makes the rest.
 * @param {{ name: string, size: number }} file
 * @returns {'empty' | 'kind' | null}
 */
export function refusal({ name, size }) {
  const extension = name.toLowerCase().split('.').at(-1) ?? ''
  if (!READABLE.includes(extension)) return 'kind'
  return size === 0 ? 'empty' : null
}

/**
 * @param {object} parts
 * @param {{ url: string, fields: Record<string, string> }} parts.post  The presigned form.
 * @param {File} parts.file
 * @param {(sent: number, total: number) => void} parts.onProgress  Bytes.
 * @param {AbortSignal} parts.signal
 * @param {() => XMLHttpRequest} [parts.request]
 * @returns {Promise<void>}  Rejects with a `Problem`, or an `AbortError` when cancelled.
 */
export function sendFile({ post, file, onProgress, signal, request = () => new XMLHttpRequest() }) {
  return new Promise((resolve, reject) => {
    const xhr = request()
    const cancel = () => xhr.abort()
    const finish = () => signal.removeEventListener('abort', cancel)
    xhr.upload.addEventListener('progress', ({ loaded, total }) => onProgress(loaded, total))
    xhr.addEventListener('load', () => {
      finish()
      if (xhr.status >= 200 && xhr.status < 300) resolve()
      else reject(new Problem({ code: storageCode(xhr.status, xhr.responseText), status: xhr.status }))
    })
    xhr.addEventListener('error', () => {
      finish()
      reject(new Problem({ code: 'network.unreachable', status: 0 }))
    })
    xhr.addEventListener('abort', () => {
      finish()
      reject(new DOMException('The transfer was cancelled', 'AbortError'))
    })
    signal.addEventListener('abort', cancel, { once: true })
    xhr.open('POST', post.url)
    xhr.send(formOf(post.fields, file))
    if (signal.aborted) cancel()
  })
}

/**
 * The bucket ignores whatever comes after the file, so the file goes last.
 * @param {Record<string, string>} fields
 * @param {File} file
 */
export function formOf(fields, file) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', file)
  return form
}

/**
 * @param {number} status
 * @param {string} body  S3's XML, or nothing.
 */
export function storageCode(status, body) {
  if (/<Code>EntityTooLarge<\/Code>/.test(body) || status === 413) return 'upload.too_large'
  if (/expired/i.test(body)) return 'upload.form_expired'
  return status >= 500 ? 'http.server' : 'upload.refused_by_storage'
}

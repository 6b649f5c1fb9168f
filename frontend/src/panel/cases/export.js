// @ts-check

/** A download of a list, made by the server while the page watches. */

/** @import { Api } from '../../core/api.js' */
/** @import { ExportJob } from './contract.js' */

import { Problem } from '../../core/problem.js'

const LOOK_MS = 1_500

/**
 * Order it and wait until it is there.
 *
 * @param {object} parts
 * @param {Pick<Api, 'get' | 'post'>} parts.api
 * @param {string} parts.portfolioId
 * @param {Record<string, unknown>} parts.filters  Or `behind`: the number whose cases are wanted.
 * @param {(job: ExportJob) => void} parts.onProgress
 * @param {AbortSignal} parts.signal
 * @param {(ms: number, signal: AbortSignal) => Promise<void>} [parts.wait]
 * @returns {Promise<ExportJob>}  Done. Rejects with a `Problem` when it failed.
 */
export async function exportList({ api, portfolioId, filters, onProgress, signal, wait = sleep }) {
  const path = `/portfolios/${encodeURIComponent(portfolioId)}/exports`
  /** @type {ExportJob} */
  let job = await api.post(path, filters, { signal })
  while (job.state === 'running') {
    onProgress(job)
    await wait(LOOK_MS, signal)
    job = await api.get(`${path}/${encodeURIComponent(job.export_id)}`, { signal })
  }
  if (job.state === 'failed') throw new Problem({ code: 'export.failed', status: 500 })
  return job
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
async function sleep(ms, signal) {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new DOMException('No longer wanted', 'AbortError'))
    }, { once: true })
  })
}

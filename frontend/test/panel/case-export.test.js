// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { exportList } from '../../src/panel/cases/export.js'

/** An API whose export goes through the given states. */
function exporting(...jobs) {
  const asked = []
  const answer = (path) => { asked.push(path); return Promise.resolve(jobs.shift()) }
  return { asked, api: { post: (path, body) => { asked.push(body); return answer(path) }, get: answer } }
}

const parts = { portfolioId: 'prt_1', filters: { q: 'ana' }, signal: new AbortController().signal, wait: async () => {} }

test('waits for the file and tells how many rows it has so far', async () => {
  const rows = []
  const { api, asked } = exporting({ export_id: 'x', state: 'running', rows: 0 }, { export_id: 'x', state: 'running', rows: 500 }, { export_id: 'x', state: 'done', rows: 800, url: '/f.csv' })

  const job = await exportList({ api, ...parts, onProgress: (seen) => rows.push(seen.rows) })

  assert.equal(job.url, '/f.csv')
  assert.deepEqual(rows, [0, 500])
  assert.deepEqual(asked, [{ q: 'ana' }, '/portfolios/prt_1/exports', '/portfolios/prt_1/exports/x', '/portfolios/prt_1/exports/x'])
})

test('an export that failed is a problem', async () => {
  const { api } = exporting({ export_id: 'x', state: 'failed', rows: 0 })

  await assert.rejects(exportList({ api, ...parts, onProgress: () => {} }), { code: 'export.failed' })
})

test('stops looking when it is no longer wanted', async () => {
  const abort = new AbortController()
  const { api } = exporting({ export_id: 'x', state: 'running', rows: 0 })
  const pending = exportList({ api, ...parts, wait: undefined, signal: abort.signal, onProgress: () => abort.abort() })

  await assert.rejects(pending, { name: 'AbortError' })
})

// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { formOf, refusal, sendFile, storageCode } from '../../src/panel/uploads/transfer.js'

/** Stands for XMLHttpRequest: what the browser's network does is told by the test. */
class FakeRequest extends EventTarget {
  upload = new EventTarget()
  status = 0
  responseText = ''
  sent = null
  open(method, url) { this.line = `${method} ${url}` }
  send(form) { this.sent = form }
  abort() { this.dispatchEvent(new Event('abort')) }
  progress(loaded, total) { this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded, total })) }
  answer(status, text = '') {
    this.status = status
    this.responseText = text
    this.dispatchEvent(new Event('load'))
  }
}

function sending() {
  const request = new FakeRequest()
  const seen = []
  const abort = new AbortController()
  const file = new File(['a;b\n1;2\n'], 'cartera.csv')
  const done = sendFile({
    post: { url: '/_s3/bucket', fields: { key: 'in/p/u/cartera.csv', policy: 'x' } },
    file, signal: abort.signal, onProgress: (...sent) => seen.push(sent), request: () => request,
  })
  return { request, seen, abort, done }
}

test('posts the form with the file last and tells how much has left', async () => {
  const { request, seen, done } = sending()
  request.progress(4, 8)
  request.answer(204)

  await done
  assert.equal(request.line, 'POST /_s3/bucket')
  assert.deepEqual([...request.sent.keys()], ['key', 'policy', 'file'])
  assert.deepEqual(seen, [[4, 8]])
})

test('cancelling stops the transfer and is no problem', async () => {
  const { abort, done } = sending()
  abort.abort()

  await assert.rejects(done, { name: 'AbortError' })
})

test('a refusal of the storage and a lost connection each have their code', async () => {
  const refused = sending()
  refused.request.answer(400, '<Error><Code>EntityTooLarge</Code></Error>')
  await assert.rejects(refused.done, { code: 'upload.too_large' })

  const lost = sending()
  lost.request.dispatchEvent(new Event('error'))
  await assert.rejects(lost.done, { code: 'network.unreachable' })

  assert.equal(storageCode(403, '<Message>Policy expired</Message>'), 'upload.form_expired')
  assert.equal(storageCode(403, ''), 'upload.refused_by_storage')
  assert.equal(storageCode(503, ''), 'http.server')
})

test('refuses before sending what can never be read', () => {
  assert.equal(refusal({ name: 'CARTERA.XLSX', size: 10 }), null)
  assert.equal(refusal({ name: 'cartera.pdf', size: 10 }), 'kind')
  assert.equal(refusal({ name: 'cartera', size: 10 }), 'kind')
  assert.equal(refusal({ name: 'cartera.csv', size: 0 }), 'empty')
})

test('the file comes after every field', () => {
  assert.equal([...formOf({ a: '1', b: '2' }, new File([''], 'x.csv')).keys()].at(-1), 'file')
})

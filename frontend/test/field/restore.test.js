// @ts-check
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { readRescue } from '../../src/field/restore.js'

const HERE = { personId: 'per_1', deviceId: 'dev_new', now: Date.parse('2026-11-22T16:00:00Z') }
const BYTES = Buffer.from('a picture')
const PHOTO = {
  photo_id: 'pho_1', visit_id: 'vis_1', kind: 'door', content_type: 'image/jpeg', bytes: BYTES.length,
  sha256: createHash('sha256').update(BYTES).digest('hex'), base64: BYTES.toString('base64'),
}
const ITEM = {
  seq: 7, kind: 'visit', ref: 'vis_1', visit_id: 'vis_1', title: 'Lucía', method: 'POST', path: '/field/visits', text: '{"visit_id":"vis_1"}',
  headers: { 'X-Recobro-Signature': 'dev_old.abc' }, made_at: '2026-11-22T10:00:00Z', state: 'refused', tries: 9, next_at: 9e15, problem: { code: 'x' },
}
const PICTURE = { ...ITEM, kind: 'photo', ref: 'pho_1', path: '/field/photos', text: '{"photo_id":"pho_1"}', headers: {} }

/** @param {object} more */
const file = (more) => JSON.stringify({
  format: 'recobro-outbox-1', person_id: 'per_1', device_id: 'dev_old', items: [ITEM, PICTURE], photos: [PHOTO], points: [],
  visits: [{ visit_id: 'vis_1', state: 'queued', photos: [PHOTO] }], receipts: [], ...more,
})

/** @param {object} [more] */
async function read(more = {}) {
  const found = await readRescue(file(more), HERE)
  assert.ok(found.fault === null)
  return found
}

test('what another phone had to send waits anew, as it was signed there', async () => {
  const { items, photos, visits, damaged } = await read()
  assert.deepEqual(items.map(({ kind, path, state, tries, next_at: at }) => [kind, path, state, tries, at]), [
    ['visit', '/field/visits', 'waiting', 0, 0], ['photo', '/field/photos', 'waiting', 0, 0],
  ])
  assert.deepEqual(items[0].headers, { 'X-Recobro-Signature': 'dev_old.abc' })
  assert.equal(items[0].text, ITEM.text)
  assert.equal(items[0].made_at, '2026-11-22T10:00:00.000Z')
  assert.ok(items.every((item) => item.seq === undefined))
  assert.equal(await photos[0].blob.text(), 'a picture')
  assert.deepEqual([visits.length, damaged], [1, 0])
})

test('a file decides neither where it is sent nor with what', async () => {
  const bad = { ...ITEM, path: '/people/per_2', method: 'PATCH', headers: { Cookie: 'x', 'X-Recobro-Signature': 's' } }
  const { items } = await read({ items: [bad, { ...ITEM, kind: 'delete', ref: 'x' }, { ...ITEM, kind: 'toString' }, { ...ITEM, text: 5 }, null, 'x'] })
  assert.deepEqual(items.map(({ path, method, headers }) => [path, method, headers]), [['/field/visits', 'POST', { 'X-Recobro-Signature': 's' }]])
})

test('a shift is begun and ended at its own address', async () => {
  const shift = (/** @type {string} */ ref) => ({ ...ITEM, kind: 'shift', ref, text: '{}' })
  const { items } = await read({ items: [shift('shf_0123456789ab'), shift('shf_0123456789ab-end'), shift('../people-end')] })
  assert.deepEqual(items.map(({ method, path }) => `${method} ${path}`), [
    'POST /field/shifts', 'PATCH /field/shifts/shf_0123456789ab', 'POST /field/shifts',
  ])
})

test('the trail goes under the name of the phone that walked it, before the visits', async () => {
  const points = Array.from({ length: 250 }, (_, n) => ({ at: `2026-11-22T10:00:${n}Z`, lat: 19, lng: -99 }))
  const { items } = await read({ points })
  assert.deepEqual(items.map(({ kind }) => kind), ['trail', 'trail', 'trail', 'visit', 'photo'])
  const sent = items.slice(0, 3).map(({ path, text }) => ({ path, ...JSON.parse(text) }))
  assert.deepEqual(sent.map(({ path, device_id: device, points: some }) => [path, device, some.length]), [
    ['/field/pings', 'dev_old', 100], ['/field/pings', 'dev_old', 100], ['/field/pings', 'dev_old', 50],
  ])
  const own = await read({ points, device_id: HERE.deviceId })
  assert.deepEqual(own.items.map(({ kind }) => kind), ['visit', 'photo'])
})

test('a photo with other bytes than were taken is left out and told', async () => {
  for (const base64 of ['AAAA', '***', undefined]) {
    const { items, photos, damaged } = await read({ photos: [{ ...PHOTO, base64 }] })
    assert.deepEqual([items.map(({ kind }) => kind), photos, damaged], [['visit'], [], 1])
  }
})

test('an unfinished visit with a receipt stays with the phone that numbered it', async () => {
  const open = { visit_id: 'vis_2', state: 'open', photos: [], cash: { number: 'ABCDEFGH-000001' } }
  const { visits, cash } = await read({ visits: [open, { ...open, visit_id: 'vis_3', cash: null }] })
  assert.deepEqual([visits.map(({ visit_id: id }) => id), cash], [['vis_3'], 1])
})

test('what is none of ours, or somebody else’s, is refused', async () => {
  for (const text of ['', 'no', '[]', 'null', '{"format":"other"}']) assert.deepEqual(await readRescue(text, HERE), { fault: 'unreadable' })
  assert.deepEqual(await readRescue(file({ person_id: 'per_2' }), HERE), { fault: 'other' })
})

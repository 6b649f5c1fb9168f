// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '../../src/core/problem.js'
import { oneAtATime, Outbox, waitBefore } from '../../src/field/outbox.js'
import { waiting } from '../../src/field/waiting.js'

/** @import { OutboxItem } from '../../src/field/types' */

const NOW = Date.parse('2026-11-22T16:00:00Z')

/** @typedef {(url: string, bytes: string) => Response} Storage */

/** A store in memory. @param {OutboxItem[]} items */
function memory(items) {
  const all = items.map((item, i) => ({ ...item, seq: i + 1 }))
  /** @type {any[]} */
  let points = []
  return {
    all,
    items: async () => structuredClone(all),
    putItem: async (/** @type {OutboxItem} */ item) => void Object.assign(all.find((one) => one.seq === item.seq) ?? {}, item),
    itemArrived: async (/** @type {OutboxItem} */ item) => void all.splice(all.findIndex((one) => one.seq === item.seq), 1),
    itemRefused: async (/** @type {OutboxItem} */ item) => void Object.assign(all.find((one) => one.seq === item.seq) ?? {}, item),
    photo: async () => /** @type {any} */ ({ blob: new Blob(['0123456789']) }),
    points: async (/** @type {number} */ most) => ({ keys: points.slice(0, most).map((_, i) => i), points: points.slice(0, most) }),
    dropPoints: async (/** @type {number[]} */ keys) => void points.splice(0, keys.length),
    addPoints: (/** @type {any[]} */ more) => { points = [...points, ...more] },
  }
}

/**
 * @param {ReturnType<typeof memory>} store
 * @param {(path: string, text: string) => any} answer
 * @param {Storage} [storage]
 */
function outboxOf(store, answer, storage = () => new Response(null, { status: 204 })) {
  /** @type {string[]} */
  const sent = []
  const call = async (/** @type {string} */ path, /** @type {any} */ body, /** @type {any} */ how = {}) => {
    sent.push(how.raw ?? path)
    return answer(path, how.raw ?? body)
  }
  const outbox = new Outbox({
    store, api: { post: call, patch: call },
    fetch: async (url, how) => storage(String(url), await (/** @type {any} */ (how)).body.get('file').text()),
    alone: (work) => work(), deviceId: 'dev_1', now: () => NOW,
  })
  return { outbox, sent }
}

/** @param {string} ref @param {Partial<OutboxItem>} [more] */
const visit = (ref, more = {}) => waiting({ kind: 'visit', ref, visit_id: ref, path: '/field/visits', text: ref, ...more }, NOW)
/** @param {string} ref @param {string} of */
const photo = (ref, of) => waiting({ kind: 'photo', ref, visit_id: of, path: '/field/photos', text: ref }, NOW)

test('oldest first, each visit before its photos', async () => {
  const store = memory([visit('v1'), photo('p1', 'v1'), visit('v2')])
  const { outbox, sent } = outboxOf(store, () => ({ have: true }))
  assert.deepEqual(await outbox.flush(), { stopped: null, next_at: null })
  assert.deepEqual(sent, ['v1', 'p1', 'v2'])
  assert.deepEqual(store.all, [])
})

test('a photo in parts goes on where the line broke, and is asked for again when all have gone', async () => {
  const store = memory([photo('p1', 'v1')])
  /** @type {Map<string, string>} */
  const bucket = new Map()
  let line = 2
  const { outbox, sent } = outboxOf(store, () => {
    const parts = [[0, 4], [4, 8], [8, 10]].flatMap(([start, end]) => bucket.has(`s/${start}`) ? [] : [{ start, end, post: { url: `s/${start}`, fields: { key: 'k' } } }])
    return parts.length > 0 ? { have: false, post: null, parts } : { have: true, post: null, parts: [] }
  }, (url, bytes) => {
    line -= 1
    if (line < 0) throw new TypeError('the line broke')
    assert.ok(!bucket.has(url), 'sent twice')
    bucket.set(url, bytes)
    return new Response(null, { status: 201 })
  })
  assert.deepEqual(await outbox.flush(), { stopped: 'offline', next_at: null })
  assert.deepEqual([...bucket.values()], ['0123', '4567'])
  line = 9
  await outbox.flush()
  assert.deepEqual([...bucket.values()], ['0123', '4567', '89'])
  assert.deepEqual([sent, store.all], [['p1', 'p1', 'p1'], []])
})

test('a photo that could not be put together is tried again later, not for ever at once', async () => {
  const store = memory([photo('p1', 'v1')])
  const { outbox, sent } = outboxOf(store, () => ({ have: false, post: null, parts: [{ start: 0, end: 10, post: { url: 's/0', fields: {} } }] }))
  assert.deepEqual(await outbox.flush(), { stopped: null, next_at: NOW + waitBefore(1) })
  assert.equal(sent.length, 2)
  assert.deepEqual(store.all.map(({ problem }) => problem?.code), ['photo.not_stored'])
})

test('a refused record is put aside with its photos; the others go', async () => {
  const store = memory([visit('v1'), photo('p1', 'v1'), visit('v2')])
  const { outbox, sent } = outboxOf(store, (_, text) => {
    if (text === 'v1') throw new Problem({ code: 'visit.invalid', status: 422, details: { details: [] } })
    return { have: true }
  })
  await outbox.flush()
  assert.deepEqual(sent, ['v1', 'v2'])
  assert.deepEqual(store.all.map(({ ref, state }) => [ref, state]), [['v1', 'refused'], ['p1', 'waiting']])
  await outbox.flush()
  assert.deepEqual(sent, ['v1', 'v2'])
})

test('a server in trouble is asked later, and later still', async () => {
  const store = memory([visit('v1'), visit('v2', { tries: 3 })])
  const { outbox } = outboxOf(store, () => { throw new Problem({ code: 'http.server', status: 502 }) })
  assert.deepEqual(await outbox.flush(), { stopped: null, next_at: NOW + waitBefore(1) })
  assert.deepEqual(store.all.map(({ tries, next_at: at }) => [tries, at - NOW]), [[1, 5_000], [4, 40_000]])
  assert.ok(waitBefore(50) <= 15 * 60_000)
})

test('what waits is not asked before its time, unless somebody asks for it', async () => {
  const store = memory([visit('v1', { next_at: NOW + 1, tries: 1 })])
  const { outbox, sent } = outboxOf(store, () => ({}))
  assert.deepEqual(await outbox.flush(), { stopped: null, next_at: NOW + 1 })
  assert.deepEqual(sent, [])
  await outbox.flush(() => {}, { all: true })
  assert.deepEqual(sent, ['v1'])
})

for (const [stopped, problem] of /** @type {const} */ ([
  ['offline', { code: 'network.unreachable', status: 0 }],
  ['session', { code: 'session.expired', status: 401 }],
])) {
  test(`a round ends at once when it is about everything: ${stopped}`, async () => {
    const store = memory([visit('v1'), visit('v2')])
    const { outbox, sent } = outboxOf(store, () => { throw new Problem(problem) })
    assert.deepEqual(await outbox.flush(), { stopped, next_at: null })
    assert.deepEqual(sent, ['v1'])
    assert.deepEqual(store.all.map(({ tries }) => tries), [0, 0])
  })
}

test('a call for help goes before what is older', async () => {
  const store = memory([visit('v1'), waiting({ kind: 'alarm', ref: 'a1', path: '/field/alarms', text: 'help' }, NOW)])
  const { outbox, sent } = outboxOf(store, () => ({}))
  await outbox.flush()
  assert.deepEqual(sent, ['help', 'v1'])
})

test('what is added while others are on their way goes in the same round, a call for help first', async () => {
  const store = memory([visit('v1'), visit('v2'), visit('v3')])
  const { outbox, sent } = outboxOf(store, (_, text) => {
    if (text === 'v1') {
      store.all.push({ ...visit('v4'), seq: 4 }, { ...waiting({ kind: 'alarm', ref: 'a1', path: '/field/alarms', text: 'help' }, NOW), seq: 5 })
    }
    return {}
  })
  await outbox.flush()
  assert.deepEqual(sent, ['v1', 'help', 'v2', 'v3', 'v4'])
})

test('who finds another at work looks again soon: what is new may have missed its round', async () => {
  const store = memory([visit('v1')])
  const outbox = new Outbox({
    store, api: { post: async () => ({}), patch: async () => ({}) }, fetch: async () => new Response(), deviceId: 'dev_1', now: () => NOW,
    alone: async () => 'elsewhere',
  })
  const { stopped, next_at: at } = await outbox.flush()
  assert.equal(stopped, 'elsewhere')
  assert.ok(at !== null && at > NOW && at <= NOW + 5_000)
})

test('points go in batches; those of no shift are dropped, in trouble they stay', async () => {
  const store = memory([])
  store.addPoints(Array.from({ length: 250 }, (_, i) => ({ i })))
  let calls = 0
  const { outbox } = outboxOf(store, () => {
    calls += 1
    if (calls === 2) throw new Problem({ code: 'shift.none', status: 422 })
    if (calls === 3) throw new Problem({ code: 'http.server', status: 500 })
    return {}
  })
  await outbox.flush()
  assert.equal(calls, 3)
  assert.equal((await store.points(1000)).points.length, 50)
})

test('the trail goes before the visits that are judged beside it, after the shift it belongs to', async () => {
  const store = memory([waiting({ kind: 'shift', ref: 's1', path: '/field/shifts', text: 'shift' }, NOW), visit('v1')])
  store.addPoints([{ at: 1 }])
  const { outbox, sent } = outboxOf(store, () => ({}))
  await outbox.flush()
  assert.deepEqual(sent, ['shift', '/field/pings', 'v1'])
})

test('who finds the lock taken leaves it to the other', async () => {
  const locks = /** @type {any} */ ({ request: (/** @type {string} */ _name, /** @type {any} */ _how, /** @type {any} */ work) => work(null) })
  assert.equal(await oneAtATime(locks, 'per_1')(async () => 'sent'), 'elsewhere')
})

// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '../../src/core/problem.js'
import { open, send } from '../../src/panel/visits/rescue.js'

const NOW = Date.parse('2026-11-22T16:00:00Z')
/** @param {string} kind @param {string} ref @param {object} body @param {object} [more] */
const item = (kind, ref, body, more) => ({ kind, ref, visit_id: null, title: '', text: JSON.stringify(body), headers: {}, made_at: '2026-11-22T10:00:00Z', ...more })
const VISIT = item('visit', 'vis_1', { visit_id: 'vis_1', note: 'Nadie', cash: { number: 'R-1' } }, { visit_id: 'vis_1', headers: { 'X-Recobro-Signature': 'dev_old.abc' } })
const FILE = {
  format: 'recobro-outbox-1', person_id: 'per_1', device_id: 'dev_old', photos: [], visits: [{ visit_id: 'vis_2', state: 'open', photos: [] }], receipts: [],
  items: [item('shift', 'shf_00000001', {}), VISIT, item('alarm', 'alm_1', {}), item('deposit', 'dep_1', {})],
  points: [{ at: '2026-11-22T09:00:00Z' }, { at: '2026-11-22T09:01:00Z' }],
}

/** @param {(path: string) => any} answer */
function server(answer) {
  /** @type {{ path: string, body: any, options: any }[]} */
  const asked = []
  const call = async (/** @type {string} */ path, /** @type {any} */ body, /** @type {any} */ options) => {
    asked.push({ path, body, options })
    return answer(path)
  }
  return { asked, api: { post: call, patch: call } }
}
const KNOWN = { person: { name: 'Ana' }, visits: [{ visit_id: 'vis_1', photos_wanted: [] }] }

async function opened() {
  const found = await open(JSON.stringify(FILE), server(() => KNOWN).api, NOW)
  assert.ok(found.fault === null)
  return found
}

test('a file says whose it is, what it holds, and what of it is here', async () => {
  const { outline, personId } = await opened()
  assert.equal(personId, 'per_1')
  assert.deepEqual(outline.counts, { visits: 1, photos: 0, notes: 1, receipts: 1, points: 2, others: 1 })
  assert.deepEqual([outline.name, outline.here.visits, outline.unfinished, outline.leftOut], ['Ana', 1, 1, 2])
})

test('each thing goes where the phone would send it, as the agent\'s; help and hand-ins do not', async () => {
  const { loaded } = await opened()
  const { asked, api } = server(() => ({}))
  await send(loaded, 'per_1', api, () => {})
  assert.deepEqual(asked.map(({ path }) => path), ['/field/pings', '/field/shifts', '/field/visits'])
  assert.ok(asked.every(({ options }) => options.headers['X-Recobro-Of'] === 'per_1'))
  assert.equal(asked[2].options.headers['X-Recobro-Signature'], 'dev_old.abc')
  assert.equal(asked[2].options.raw, VISIT.text)
  assert.deepEqual([loaded.arrived, loaded.left.length, loaded.refused.length], [3, 0, 0])
})

test('what is refused is kept with its reason, and what fails for now can be tried again', async () => {
  const { loaded } = await opened()
  let busy = true
  const answer = (/** @type {string} */ path) => {
    if (path === '/field/visits') throw new Problem({ code: 'visit.signature_invalid', status: 403 })
    if (path === '/field/shifts' && busy) throw new Problem({ code: 'internal', status: 500 })
    return {}
  }
  await send(loaded, 'per_1', server(answer).api, () => {})
  assert.deepEqual([loaded.arrived, loaded.left.length, loaded.refused.length], [1, 1, 1])
  assert.equal(loaded.refused[0].problem?.code, 'visit.signature_invalid')
  busy = false
  const { asked, api } = server(answer)
  await send(loaded, 'per_1', api, () => {})
  assert.deepEqual(asked.map(({ path }) => path), ['/field/shifts'])
  assert.equal(loaded.left.length, 0)
})

test('why a file cannot be opened is told apart', async () => {
  assert.deepEqual(await open('{}', server(() => KNOWN).api, NOW), { fault: 'unreadable' })
  for (const [code, fault] of [['person.not_found', 'person.not_found'], ['rescue.still_here', 'rescue.still_here'], ['internal', 'failed']]) {
    const { api } = server(() => { throw new Problem({ code, status: 409 }) })
    assert.deepEqual(await open(JSON.stringify(FILE), api, NOW), { fault })
  }
})

test('a damaged report is shown and left to the server to refuse', async () => {
  const torn = structuredClone(FILE)
  torn.items[1].text = '{'
  const found = await open(JSON.stringify(torn), server(() => KNOWN).api, NOW)
  assert.ok(found.fault === null)
  assert.deepEqual([found.outline.counts.visits, found.outline.counts.notes], [1, 0])
})

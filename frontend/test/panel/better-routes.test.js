// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Better, divided, inOrder } from '../../src/panel/routes/better.js'

globalThis.document ??= { hidden: false, addEventListener() {}, removeEventListener() {} }

const item = (id, person, place = 1) => ({ case_id: id, person_id: person, place, arrives: 0, name: id })
const first = {
  plan_id: 'tpl_1', metres: 20_000, seconds: 4_000, cursor: null,
  items: [item('a', 'ana'), item('b', 'luz'), item('c', 'ana', 2)], without_room: [item('d', '', 0)],
  agents: [{ person_id: 'luz', visits: 1, added: 1, visits_max: 9 }, { person_id: 'ana', visits: 0, added: 2, visits_max: 9 }],
  left_out: [{ reason: 'no_point', cases: 3 }, { reason: 'no_room', cases: 1 }],
}
const stop = (id, place) => ({ case_id: id, place, arrives: 32_400 * place })
const found = {
  visits: 3, left_out: 1, metres: 15_000, seconds: 3_000,
  routes: [{ person_id: 'ana', stops: [stop('b', 1), stop('d', 2)] }, { person_id: 'luz', stops: [stop('c', 1)] }],
  missed: [{ case_id: 'a', reason: 'hours' }],
}
const plan = (state, values = {}) => ({ plan_id: 'tpl_1', state, problem: '', first: {}, found: null, ...values })

/** A plan whose looks are answered by hand; nothing is waited for. */
async function following(answers, of = first) {
  const asked = []
  const api = { get: async (path) => {
    asked.push(path)
    const next = answers.shift()
    if (next instanceof Error) throw next
    return next
  } }
  const before = globalThis.window
  const timers = []
  globalThis.window = { setTimeout: (work) => timers.push(work), clearTimeout() {} }
  const better = new Better({ api, portfolioId: 'prt_1', first: of, paint() {} })
  while (timers.length > 0 && answers.length > 0) {
    timers.shift()()
    await new Promise((done) => { setImmediate(done) })
  }
  globalThis.window = before
  return { better, asked, waits: timers.length }
}

test('a better division moves visits, brings in who had no room, and says who has none now', () => {
  const made = divided(first, plan('done', { found }))

  assert.deepEqual(made.items.map(({ case_id: id, person_id: who, place }) => [id, who, place]), [['b', 'ana', 1], ['d', 'ana', 2], ['c', 'luz', 1]])
  assert.deepEqual(made.without_room.map(({ case_id: id, person_id: who }) => [id, who]), [['a', '']])
  assert.deepEqual(made.agents.map(({ added }) => added), [1, 2])
  assert.deepEqual(made.left_out, [{ reason: 'no_point', cases: 3 }, { reason: 'hours', cases: 1 }])
  assert.deepEqual([made.metres, made.seconds], [15_000, 3_000])
  assert.equal(first.items[0].person_id, 'ana') // the first is as it was
})

test('without anything better the first stays', () => {
  assert.equal(divided(first, plan('done')), first)
})

test('visits stand by agent, each in the order of his way', () => {
  assert.deepEqual(inOrder(first).map(({ case_id: id }) => id), ['b', 'a', 'c'])
})

test('it is looked at until it is done, and shown then', async () => {
  const { better, asked, waits } = await following([plan('waiting'), plan('planning'), plan('done', { found })])

  assert.deepEqual(asked, Array(3).fill('/portfolios/prt_1/team-plans/tpl_1'))
  assert.deepEqual([better.sought, waits], [false, 0])
  assert.equal(better.proposed.metres, 15_000)
  better.show(false)
  assert.equal(better.proposed, first)
})

test('what failed, or found nothing, leaves the first', async () => {
  for (const end of [plan('failed', { problem: 'crashed' }), plan('done')]) {
    const { better, waits } = await following([end])
    assert.deepEqual([better.sought, better.proposed, waits], [false, first, 0])
  }
})

test('looks that fail are tried again, and not for ever', async () => {
  const broken = Object.assign(new Error('no line'), { name: 'TypeError' })
  const { better, asked } = await following([broken, plan('waiting'), ...Array(6).fill(broken)])

  assert.equal(asked.length, 7) // one, one that came, five in a row
  assert.equal(better.sought, false)
  assert.notEqual(better.lost, '')
})

test('with little to divide nobody is asked', async () => {
  const { better, asked } = await following([plan('waiting')], { ...first, plan_id: null })

  assert.deepEqual([asked, better.sought, better.proposed.plan_id], [[], false, null])
})

// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Problem } from '../../src/core/problem.js'
import { PortfolioList } from '../../src/panel/portfolio-list.js'

const one = { portfolio_id: 'one' }
const two = { portfolio_id: 'two' }

/** A list whose requests are answered by hand, in any order. */
function listOf(portfolio) {
  const asked = []
  const api = {
    get: (path, { query }) => new Promise((resolve, reject) => { asked.push({ path, query, resolve, reject }) }),
  }
  return { asked, list: new PortfolioList({ api, portfolio, path: ({ portfolio_id: id }) => `/${id}`, paint: () => {} }) }
}

test('a further page goes behind what is there', async () => {
  const { asked, list } = listOf(one)
  const first = list.load()
  asked[0].resolve({ items: [1, 2], cursor: 'next' })
  await first
  const more = list.load({ more: true })
  asked[1].resolve({ items: [3], cursor: null })
  await more

  assert.deepEqual(asked.map(({ query }) => query.cursor), [null, 'next'])
  assert.deepEqual([list.items, list.cursor, list.busy], [[1, 2, 3], null, false])
})

test('an answer for a portfolio that is no longer looked at changes nothing', async () => {
  const { asked, list } = listOf(one)
  const late = list.load()
  list.pick(two)
  asked[0].resolve({ items: ['of one'], cursor: 'x' })
  await late
  assert.deepEqual([list.items, list.busy], [null, true])

  asked[1].resolve({ items: ['of two'], cursor: null })
  await new Promise((done) => { setImmediate(done) })
  assert.deepEqual([list.items, list.busy], [['of two'], false])
})

test('a failure is kept for the reader and what was there stays', async () => {
  const { asked, list } = listOf(one)
  const first = list.load()
  asked[0].resolve({ items: [1], cursor: 'next' })
  await first
  const more = list.load({ more: true })
  asked[1].reject(new Problem({ code: 'network.unreachable', status: 0 }))
  await more

  assert.equal(list.problem.code, 'network.unreachable')
  assert.deepEqual([list.items, list.cursor, list.busy], [[1], 'next', false])
})

test('without a portfolio nothing is asked', async () => {
  const { asked, list } = listOf(null)
  await list.load()
  assert.deepEqual([asked.length, list.busy], [0, false])
})

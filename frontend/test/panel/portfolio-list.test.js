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

test('an answer for a tab of the same portfolio that was left changes nothing', async () => {
  const { asked, list } = listOf(one)
  const late = list.load()
  list.pick(one) // another tab: another path, the same portfolio
  asked[1].resolve({ items: ['of the new tab'], cursor: null })
  await new Promise((done) => { setImmediate(done) })
  asked[0].resolve({ items: ['of the old tab'], cursor: 'x' })
  await late

  assert.deepEqual([list.items, list.cursor, list.busy], [['of the new tab'], null, false])
})

test('a refusal of what was left is not told', async () => {
  const { asked, list } = listOf(one)
  const late = list.load()
  list.pick(one)
  asked[0].reject(new Problem({ code: 'network.unreachable', status: 0 }))
  await late

  assert.deepEqual([list.problem, list.busy], [null, true])
})

test('a further page that comes after another tab was opened is not added to it', async () => {
  const { asked, list } = listOf(one)
  const first = list.load()
  asked[0].resolve({ items: [1], cursor: 'next' })
  await first
  const more = list.load({ more: true })
  list.pick(one)
  asked[2].resolve({ items: [9], cursor: null })
  await new Promise((done) => { setImmediate(done) })
  asked[1].resolve({ items: [2], cursor: 'further' })
  await more

  assert.deepEqual([list.items, list.cursor], [[9], null])
})

test('without a portfolio any longer, what is on its way is left aside', async () => {
  const { asked, list } = listOf(one)
  const late = list.load()
  list.pick(null)
  asked[0].resolve({ items: [1], cursor: null })
  await late

  assert.deepEqual([list.items, list.busy], [null, false])
})

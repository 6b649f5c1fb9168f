// @ts-check
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { chosenPortfolio } from '../../src/panel/chosen-portfolio.js'

/** @type {string | null} */
let stored = null
globalThis.window = /** @type {any} */ ({ localStorage: { getItem: () => stored } })
beforeEach(() => { stored = null })

/** @param {string} id @param {number | null} cases */
const one = (id, cases) => /** @type {any} */ ({ portfolio_id: id, kpis: cases === null ? null : { cases } })
const ALL = [one('a', 3), one('b', 310), one('c', null)]
const bare = new URLSearchParams()

test('a first visit starts where most is to be done', () => {
  assert.equal(chosenPortfolio(ALL, bare)?.portfolio_id, 'b')
  assert.equal(chosenPortfolio([one('c', null), one('d', 0)], bare)?.portfolio_id, 'c')
  assert.equal(chosenPortfolio([], bare), null)
})

test('the address comes before what is remembered, both before what is most', () => {
  stored = 'c'
  assert.equal(chosenPortfolio(ALL, bare)?.portfolio_id, 'c')
  assert.equal(chosenPortfolio(ALL, new URLSearchParams('cartera=a'))?.portfolio_id, 'a')
  stored = 'gone'
  assert.equal(chosenPortfolio(ALL, bare)?.portfolio_id, 'b')
})

test('a page of all portfolios starts with all', () => {
  assert.equal(chosenPortfolio(ALL, bare, { all: true }), null)
  assert.equal(chosenPortfolio([one('a', 3)], bare, { all: true })?.portfolio_id, 'a')
})

// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as filters from '../../src/panel/cases/filters.js'
import { placeState, readPlace, stillToLoad } from '../../src/panel/cases/place.js'
import { keyAction, target } from '../../src/panel/cases/roving.js'

test('what goes into the address comes out of it again', () => {
  const given = { ...filters.NO_FILTERS, q: 'Núñez & Co', sort: '-balance', band: '8-30', min: 1200, max: 500000 }

  const search = `?${new URLSearchParams(filters.toParams(given))}`

  assert.deepEqual(filters.readFilters(search), given)
  assert.deepEqual(filters.toParams(filters.NO_FILTERS), {})
})

test('nonsense in the address is left out', () => {
  assert.deepEqual(filters.readFilters('?sort=drop&status=alive&min=12.5&max=1e9&q=%20%20'), filters.NO_FILTERS)
})

test('the API is asked only for what was chosen', () => {
  assert.deepEqual(filters.toQuery(filters.NO_FILTERS), { sort: 'due' })
  assert.deepEqual(
    filters.toQuery({ ...filters.NO_FILTERS, q: 'ana', min: 0, status: 'open' }),
    { sort: 'due', q: 'ana', status: 'open', min_minor: 0 },
  )
})

test('who was left alone comes the longest waiting first, and the order goes with the filter', () => {
  const left = filters.readFilters('?untouched_days=7&sort=touched')

  assert.deepEqual(filters.toQuery(left), { sort: 'touched', untouched_days: 7 })
  assert.deepEqual(filters.without(left, 'untouched_days'), filters.NO_FILTERS)
  assert.deepEqual(filters.untouchedFor(filters.NO_FILTERS, 7), left)
  assert.equal(filters.without({ ...left, sort: 'name' }, 'untouched_days').sort, 'name')
  for (const days of ['0', '366', 'x', '-7']) assert.equal(filters.readFilters(`?untouched_days=${days}`).untouched_days, null)
})

test('filters are taken off one by one or all at once; words and order stay', () => {
  const given = { ...filters.NO_FILTERS, q: 'ana', sort: 'name', band: '8-30', min: 5 }

  assert.deepEqual(filters.narrowing(given), ['band', 'min'])
  assert.deepEqual(filters.narrowing(filters.without(given, 'band')), ['min'])
  assert.deepEqual(filters.widest(given), { ...filters.NO_FILTERS, q: 'ana', sort: 'name' })
  assert.equal(filters.isImpossible({ ...given, min: 10, max: 5 }), true)
  assert.equal(filters.isImpossible({ ...given, min: 5, max: 5 }), false)
})

test('the place in a list survives a visit to a case, and rubbish in the history does not matter', () => {
  assert.deepEqual(readPlace(placeState({ rows: 100, scroll: 1234.5 })), { rows: 100, scroll: 1235 })
  for (const state of [null, {}, { place: { rows: -1, scroll: 0 } }, { place: { rows: 'all', scroll: 0 } }]) {
    assert.equal(readPlace(state), null)
  }
})

test('on the way back as many rows are read as there were, a usual page otherwise', () => {
  assert.equal(stillToLoad(0, null, 50, 200), 50)
  assert.equal(stillToLoad(0, { rows: 150, scroll: 0 }, 50, 200), 150)
  assert.equal(stillToLoad(0, { rows: 300, scroll: 0 }, 50, 200), 200)
  assert.equal(stillToLoad(200, { rows: 300, scroll: 0 }, 50, 200), 100)
  assert.equal(stillToLoad(50, null, 50, 200), 0)
})

const press = (key, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more })

test('keys move through rows unless somebody is typing or means the browser', () => {
  const free = { typing: false, onRow: false }
  const onRow = { typing: false, onRow: true }

  assert.equal(keyAction(press('/'), free), 'search')
  assert.equal(keyAction(press('j'), free), 1)
  assert.equal(keyAction(press('k'), onRow), -1)
  assert.equal(keyAction(press('ArrowDown'), onRow), 1)
  assert.equal(keyAction(press('ArrowDown'), free), null)
  assert.equal(keyAction(press('End'), onRow), 'last')
  assert.equal(keyAction(press('j'), { typing: true, onRow: false }), null)
  assert.equal(keyAction(press('k', { ctrlKey: true }), free), null)
})

test('moving stops at both ends', () => {
  assert.equal(target(-1, 1, 3), 0)
  assert.equal(target(-1, -1, 3), 2)
  assert.equal(target(2, 1, 3), 2)
  assert.equal(target(0, -1, 3), 0)
  assert.equal(target(1, 'last', 3), 2)
  assert.equal(target(-1, 1, 0), -1)
})

// @ts-check

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fitting } from '../../src/panel/figures/builder-view.js'
import { lawfulHours } from '../../src/panel/figures/hours-view.js'
import { before, periodOf, readPeriod } from '../../src/panel/figures/period.js'
import { linesBefore } from '../../src/panel/figures/report-words.js'
import { csv, moved } from '../../src/panel/figures/words.js'

test('periods are of days that are over', () => {
  assert.deepEqual(periodOf('week', '2026-11-23'), { from: '2026-11-16', to: '2026-11-22' })
  assert.deepEqual(periodOf('month', '2026-11-23'), { from: '2026-11-01', to: '2026-11-22' })
  assert.deepEqual(periodOf('month', '2026-11-01'), { from: '2026-10-01', to: '2026-10-31' })
  assert.deepEqual(periodOf('last_month', '2026-03-10'), { from: '2026-02-01', to: '2026-02-28' })
})

test('what is compared with is as long, and right before', () => {
  assert.deepEqual(before({ from: '2026-11-16', to: '2026-11-22' }), { from: '2026-11-09', to: '2026-11-15' })
})

test('an address that makes no period is none', () => {
  assert.equal(readPeriod('2026-11-02', '2026-11-01'), null)
  assert.equal(readPeriod('2026-13-01', '2026-13-02'), null)
  assert.equal(readPeriod(null, '2026-11-01'), null)
  assert.deepEqual(readPeriod('2026-11-01', '2026-11-01'), { from: '2026-11-01', to: '2026-11-01' })
})

test('less is better of what is broken, and points are not per cent', () => {
  assert.deepEqual(moved({ code: 'broken_rate', unit: 'ratio' }, 0.2, 0.3, 'en')?.tone, 'good')
  assert.match(moved({ code: 'coverage', unit: 'ratio' }, 0.35, 0.3, 'en')?.text ?? '', /▲ 5\.0/)
  assert.match(moved({ code: 'dso', unit: 'days' }, 33, 30, 'en')?.text ?? '', /▲ 10\.0 %/)
  assert.equal(moved({ code: 'dso', unit: 'days' }, 33, 0, 'en'), null)
  assert.equal(moved({ code: 'intensity', unit: 'times' }, 3, 2, 'en')?.tone, 'neutral')
})

test('a cell of CSV is never a formula', () => {
  assert.equal(csv([['=1+1', 'a "b", c', -2, null]]), '\ufeff\'=1+1,"a ""b"", c",-2,\r\n')
})

test('an hour is lawful where any of the channels asked for may be used in it', () => {
  const base = { exception_products: [], holiday: null, article: '', confidence: '', sources: [], sun: [] }
  const rules = [
    { ...base, channel: 'call', allowed: true, mon_fri: [['07:30', '19:00']], sat: [['08:00', '15:00']] },
    { ...base, channel: 'visit', allowed: false, mon_fri: [['00:00', '24:00']], sat: [['00:00', '24:00']] },
  ]
  const any = lawfulHours(rules, '')
  assert.equal(any(1, 7), true)
  assert.equal(any(1, 19), false)
  assert.equal(any(6, 15), false)
  assert.equal(any(7, 12), false)
  assert.equal(lawfulHours(rules, 'visit')(1, 10), false)
})

test('a report that cannot be divided so is made to fit', () => {
  /** @type {any} */
  const catalogue = {
    dimensions: [{ code: 'day' }, { code: 'channel' }, { code: 'template' }, { code: 'cost_currency' }],
    measures: [
      { code: 'cost', needs: 'cost_currency', dimensions: ['day', 'channel', 'template', 'cost_currency'] },
      { code: 'promises', needs: null, dimensions: ['day', 'channel'] },
    ],
  }
  const draft = { measures: ['cost'], dimensions: ['day', 'channel', 'template'], filters: [], limit: 9 }
  assert.deepEqual(fitting(catalogue, draft).dimensions, ['day', 'channel', 'cost_currency'])
  const one = { ...draft, filters: [{ dimension: 'cost_currency', values: ['USD'] }] }
  assert.deepEqual(fitting(catalogue, one).dimensions, ['day', 'channel', 'template'])
  assert.deepEqual(fitting(catalogue, { ...one, measures: ['promises'] }), { ...draft, measures: ['promises'], dimensions: ['day', 'channel'] })
})

test('a line is compared with its own of the days before', () => {
  /** @param {string} from @param {string[][]} keys @returns {any} */
  const told = (from, keys) => ({ from, dimensions: ['day'], lines: keys.map((one, at) => ({ keys: one, names: one, values: [{ value: at }] })) })
  const find = linesBefore(told('2026-10-08', []), told('2026-10-01', [['2026-10-01'], ['2026-10-03']]))
  assert.equal(find(['2026-10-10'])?.[0].value, 1)
  assert.equal(find(['2026-10-09']), undefined)
  assert.equal(linesBefore(told('2026-10-08', []), null)(['2026-10-08']), undefined)
})

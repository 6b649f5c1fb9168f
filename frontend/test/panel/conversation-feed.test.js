// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { inDays, numbers, trayQuery, withMessages, withMoved } from '../../src/panel/conversations/feed.js'

const talk = (id, at, more = {}) => ({ conversation_id: id, moved_at: at, desk: 'bot', case: {}, ...more })
const ids = (items) => items.map((one) => one.conversation_id)

test('what moved goes to the top, once', () => {
  const items = [talk('b', '2'), talk('a', '1')]

  const now = withMoved(items, [talk('a', '3'), talk('b', '2')], 'all')

  assert.deepEqual(ids(now), ['a', 'b'])
})

test('what no longer waits leaves the tray of those who wait', () => {
  const items = [talk('a', '1', { desk: 'waiting' })]

  assert.deepEqual(withMoved(items, [talk('a', '2', { desk: 'person' })], 'waiting'), [])
  assert.deepEqual(ids(withMoved([], [talk('b', '1'), talk('c', '2', { desk: 'waiting' })], 'waiting')), ['c'])
})

test('a stranger who was placed leaves the tray', () => {
  const items = [talk('a', '1', { case: null })]

  assert.deepEqual(withMoved(items, [talk('a', '2')], 'unknown'), [])
})

test('messages come in order, the newer word on one counts', () => {
  const now = withMessages([{ seq: 1 }, { seq: 3, state: 'sent' }], [{ seq: 3, state: 'read' }, { seq: 2 }])

  assert.deepEqual(now, [{ seq: 1 }, { seq: 2 }, { seq: 3, state: 'read' }])
})

test('what went out beside the conversation stands where it went', () => {
  const own = [{ seq: 1, at: '2' }, { seq: 2, at: '4' }]

  const now = withMessages(own, [{ seq: -7, at: '3' }, { seq: -9, at: '1' }])

  assert.deepEqual(now.map(({ seq }) => seq), [-9, 1, -7, 2])
  assert.deepEqual(numbers(now), { first: 1, last: 2 })
  assert.deepEqual(numbers([{ seq: -7, at: '3' }]), { first: 0, last: 0 })
})

test('messages are read day by day', () => {
  const days = inDays([{ at: '1a' }, { at: '1b' }, { at: '2a' }], (at) => at[0])

  assert.deepEqual(days.map(({ day, messages }) => [day, messages.length]), [['1', 2], ['2', 1]])
})

test('each tray asks for its own', () => {
  assert.deepEqual(trayQuery('all'), { tray: 'known' })
  assert.deepEqual(trayQuery('waiting'), { tray: 'known', desk: 'waiting' })
  assert.deepEqual(trayQuery('unknown'), trayQuery('shared'))
})

// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Poll } from '../../src/panel/uploads/poll.js'

/** A poll over the given answers, with time passing only when the test says so. */
function polling(answers, { hidden = false } = {}) {
  const page = Object.assign(new EventTarget(), { hidden })
  const log = []
  let due = null
  const poll = new Poll({
    look: async () => {
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    },
    onSeen: (seen) => log.push(seen),
    onMissed: (error, failures) => log.push(`missed ${failures}`),
    delay: ({ seen, failures }) => (seen === 'done' ? null : 100 * (failures + 1)),
    page,
    later: (work, ms) => { due = { work, ms }; return 1 },
    forget: () => { due = null },
  })
  const tick = async () => {
    const { work } = due
    due = null
    work()
    await new Promise(setImmediate)
  }
  return { poll, page, log, tick, waits: () => due?.ms ?? null }
}

test('looks until there is nothing more to see', async () => {
  const { poll, log, tick, waits } = polling(['half', 'done'])
  poll.start('begun')

  await tick()
  await tick()

  assert.deepEqual(log, ['half', 'done'])
  assert.equal(waits(), null)
})

test('goes on after a miss, more slowly', async () => {
  const { poll, log, tick, waits } = polling([new Error('no signal'), 'done'])
  poll.start('begun')

  await tick()
  assert.equal(waits(), 200)
  await tick()

  assert.deepEqual(log, ['missed 1', 'done'])
})

test('a reader who comes back sees the present at once', async () => {
  const { poll, page, log } = polling(['half'], { hidden: true })
  poll.start('begun')

  page.hidden = false
  page.dispatchEvent(new Event('visibilitychange'))
  await new Promise(setImmediate)

  assert.deepEqual(log, ['half'])
})

test('an answer that comes after the poll was stopped is not shown', async () => {
  const { poll, log, tick } = polling(['late'])
  poll.start('begun')
  const pending = tick()
  poll.stop()
  await pending

  assert.deepEqual(log, [])
})

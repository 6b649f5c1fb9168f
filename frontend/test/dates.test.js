// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, daysBetween, formatAgo, formatDate, formatDay, formatInstant, todayIn } from '../src/core/dates.js'

test('a date is the same square on the calendar wherever it is read', () => {
  assert.equal(formatDate('2026-11-22', 'es-MX', 'short'), '22 nov')
  assert.match(formatDate('2026-01-01', 'en-US'), /Jan 1, 2026/)
})

test('an instant is shown in the zone of the portfolio', () => {
  assert.match(formatInstant('2026-11-23T02:30:00Z', 'es-MX', 'America/Mexico_City'), /22 nov 2026.*08:30/)
})

test('the day of an instant is that of the zone, not of UTC', () => {
  assert.equal(formatDay('2026-11-23T02:30:00Z', 'es-MX', 'America/Mexico_City', 'short'), '22 nov')
  assert.match(formatDay('2026-11-23T02:30:00Z', 'es-MX', 'Europe/Madrid'), /23 nov 2026/)
})

test('today is the zone\'s own day', () => {
  const now = new Date('2026-11-23T02:30:00Z')
  assert.equal(todayIn(now, 'America/Bogota'), '2026-11-22')
  assert.equal(todayIn(now, 'Europe/Madrid'), '2026-11-23')
})

test('days are counted over months, years and clock changes', () => {
  assert.equal(daysBetween('2026-10-20', '2026-11-22'), 33)
  assert.equal(daysBetween('2026-11-22', '2026-11-01'), -21)
  assert.equal(addDays('2026-12-31', 1), '2027-01-01')
  assert.equal(addDays('2026-04-04', 2), '2026-04-06')
})

test('what has just happened is never in the future', () => {
  const now = new Date('2026-11-22T10:00:00Z')
  assert.equal(formatAgo('2026-11-22T10:00:07Z', now, 'es'), 'ahora')
  assert.equal(formatAgo('2026-11-22T09:55:00Z', now, 'es'), 'hace 5 minutos')
  assert.equal(formatAgo('2026-11-21T09:55:00Z', now, 'en'), 'yesterday')
  assert.match(formatAgo('2026-08-01T09:55:00Z', now, 'es-MX', 'UTC'), /2026/)
})

// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWeak, makeLock, newKey, openLock, seal, sealingKey, unseal, waitAfter } from '../../src/field/lock.js'
import { newId } from '../../src/field/ids.js'
import { entriesOf, search, windowAt } from '../../src/field/day.js'
import { staySeconds, withFix } from '../../src/field/place.js'
import { beginVisit, dispositionOf, faultsOf, itemsOf, judgeVisit, possibleResults, possibleWho, presetsOf, recordOf, stepBeside, stepsOf, WHO } from '../../src/field/visit.js'

/** @import { FieldPortfolio, Fix, Stop, StopAddress } from '../../src/field/types' */

const NOW = Date.parse('2026-11-22T16:00:00Z')
/** @type {StopAddress} */
const DOOR = { address_id: 'adr_1', lines: 'Uruguay 10', city: 'México', lat: 19.4326, lng: -99.1332, quality: 'rooftop', radius_m: 100 }
/** @type {Stop} */
const STOP = {
  assignment_id: 'asg_1', order: 1, case_id: 'cas_1', portfolio_id: 'prt_1', name: 'José Núñez', address: DOOR, amount: null,
  band: null, dpd: 1, debts: 1, last_results: [], notes: [], promise: null, window: null, distance_m: 50, why: null, state: 'planned',
}
/** @type {FieldPortfolio} */
const PORTFOLIO = {
  name: 'P', creditor: 'C', currency: 'MXN', time_zone: 'America/Mexico_City', cash_allowed: false, show_amount: 'exact',
  promise: { most_days: 10, least_minor: 5000 },
  dispositions: [
    { code: 'promise', label: { es: '', en: '', pt: '' }, met: ['holder'], wants: ['promise', 'signature'] },
    { code: 'none', label: { es: '', en: '', pt: '' }, met: ['nobody'], wants: [] },
  ],
}

/** @param {number} second @param {number} [north] @returns {Fix} */
const fix = (second, north = 0) => ({
  at: new Date(NOW + second * 1000).toISOString(), lat: 19.4326 + north / 111_195.1, lng: -99.1332, accuracy_m: 10, mock: null,
})

/** @param {Partial<import('../../src/field/types').Visit>} more */
const visit = (more) => ({ ...beginVisit(STOP, { tracked: true, now: NOW }), ...more })

test('ids are sortable and look as the server makes them', () => {
  assert.match(newId('vis'), /^vis_[0-9a-v]{26}$/)
  assert.ok(newId('vis', NOW) < newId('vis', NOW + 1))
  assert.equal(newId('vis', 0).slice(4, 13), '000000000')
})

test('the steps follow what was met and what came of it', () => {
  assert.deepEqual(stepsOf(visit({}), PORTFOLIO), ['arrive', 'identify', 'met', 'result', 'photos', 'review'])
  const promised = visit({ disposition: 'promise', step: 'result' })
  assert.deepEqual(stepsOf(promised, PORTFOLIO).slice(4), ['details', 'photos', 'signature', 'review'])
  assert.equal(stepBeside(promised, PORTFOLIO, 1), 'details')
  assert.deepEqual(stepsOf(visit({ kind: 'exception' }), PORTFOLIO), ['arrive', 'exception', 'review'])
})

test('who may have opened is whom a result of the list goes with', () => {
  assert.deepEqual(possibleWho(PORTFOLIO), ['holder', 'nobody'])
  const [promise, none] = PORTFOLIO.dispositions
  const withGuarantor = { ...PORTFOLIO, dispositions: [{ ...promise, met: /** @type {any} */ (['holder', 'codebtor']) }, none] }
  assert.deepEqual(possibleWho(withGuarantor), ['holder', 'codebtor', 'nobody'])
  const guarantor = visit({ met: { who: 'codebtor', name: '' } })
  assert.deepEqual(possibleResults(guarantor, withGuarantor).map(({ code }) => code), ['promise'])
  assert.deepEqual(possibleResults(guarantor, PORTFOLIO), [])
  assert.deepEqual(possibleWho({ ...PORTFOLIO, dispositions: [{ ...promise, met: [] }] }), WHO)
})

test('an agreement is picked before it is signed, and goes after its visit', () => {
  const portfolio = { ...PORTFOLIO, dispositions: [{ code: 'agreed', label: { es: '', en: '', pt: '' }, met: [], wants: /** @type {any} */ (['agreement', 'signature']) }] }
  const picked = { kind: /** @type {const} */ ('plan'), offer: { instalments: 1 }, owed_minor: 2, saved_minor: 0, to_pay_minor: 2, currency: 'MXN', shares: [{ number: 1, due_on: '2026-12-22', amount_minor: 2 }] }
  const open = visit({ disposition: 'agreed', step: 'agreement' })
  assert.deepEqual(stepsOf(open, portfolio).slice(4), ['agreement', 'photos', 'signature', 'review'])
  assert.deepEqual(faultsOf(open, portfolio, NOW), { agreement: 'visit.need_agreement' })
  const signed = visit({ disposition: 'agreed', step: 'agreement', agreement: picked })
  assert.deepEqual(faultsOf(signed, portfolio, NOW), {})
  const items = itemsOf(signed, '{}', 's', NOW, { agreement: true, clockOffsetMs: 60_000 })
  assert.deepEqual(items.map(({ kind }) => kind), ['visit', 'agreement'])
  assert.deepEqual(JSON.parse(items[1].text), {
    case_id: 'cas_1', visit_id: signed.visit_id, kind: 'plan', offer: picked.offer, shares: picked.shares, signed_at: new Date(NOW - 60_000).toISOString(),
  })
  // Another result was chosen in the end, or it was no visit: nothing was signed.
  assert.equal(itemsOf(signed, '{}', 's', NOW).length, 1)
  assert.equal(itemsOf({ ...signed, kind: 'exception' }, '{}', 's', NOW, { agreement: true }).length, 1)
})

test('the case fills hidden questions with what the agent may see', () => {
  assert.deepEqual(presetsOf(visit({}), undefined), { nombre: 'José Núñez', ciudad: 'México' })
  const shown = { ...STOP, amount: { minor: 120_050, currency: 'MXN' }, band: 'b1', dpd: 0 }
  assert.deepEqual(presetsOf(visit({}), shown), {
    nombre: 'José Núñez', ciudad: 'México', tramo: 'b1', dias_mora: '0', saldo: '1200.50', moneda: 'MXN',
  })
})

test('a promise is held to the policy, in the portfolio\'s own days', () => {
  const late = Date.parse('2026-11-23T03:00:00Z') // still the 22nd in Mexico
  /** @param {number} amount @param {string} day */
  const faults = (amount, day) => faultsOf(visit({ disposition: 'promise', promise: { promise_id: 'prm_1', amount_minor: amount, due_on: day } }), PORTFOLIO, late, 'details')
  assert.deepEqual(faults(5000, '2026-11-22'), {})
  assert.deepEqual(faults(5000, '2026-12-02'), {})
  assert.deepEqual(faults(4999, '2026-12-03'), { amount: 'visit.amount_small', due_on: 'visit.day_outside' })
  assert.deepEqual(faults(5000, '2026-11-21'), { due_on: 'visit.day_outside' })
})

test('an exception needs a reason, words and a photo', () => {
  assert.deepEqual(Object.keys(faultsOf(visit({ kind: 'exception' }), PORTFOLIO, NOW, 'exception')), ['reason', 'text', 'photo'])
})

test('the stay is the last unbroken one', () => {
  const fixes = [fix(0), fix(60, 400), fix(120), fix(200)]
  assert.equal(staySeconds(fixes, DOOR, 100, fix(300).at), 180)
  assert.equal(staySeconds([...fixes, fix(290, 400)], DOOR, 100, fix(300).at), null)
})

test('arrival stays the first fix however many follow', () => {
  /** @type {Fix[]} */
  let fixes = []
  for (let second = 0; second < 4000; second += 5) fixes = withFix(fixes, fix(second))
  assert.ok(fixes.length <= 50)
  assert.equal(fixes[0].at, fix(0).at)
  assert.equal(fixes.at(-1)?.at, fix(3995).at)
  assert.equal(withFix(fixes, fix(3997)).length, fixes.length)
})

test('the whole visit is judged on its best fix and its stay', () => {
  const at = visit({ fixes: [fix(0), fix(100)], arrived_at: fix(2).at, met: { who: 'nobody', name: '' } })
  assert.deepEqual(judgeVisit(at, fix(119).at)?.reasons, ['short_stay'])
  assert.equal(judgeVisit(at, fix(120).at)?.verdict, 'verified')
  assert.deepEqual(judgeVisit({ ...at, started_at: fix(40).at }, fix(180).at)?.reasons, ['old_fix'])
  const sharper = { ...fix(130, 300), accuracy_m: 5 }
  assert.equal(judgeVisit({ ...at, fixes: [...at.fixes, sharper] }, fix(180).at)?.verdict, 'outside')
})

test('the record holds only what its result asks for', () => {
  const done = visit({ disposition: 'none', promise: { promise_id: 'prm_1', amount_minor: 1, due_on: '2026-11-30' }, met: { who: 'nobody', name: '' }, finished_at: fix(9).at })
  const record = recordOf(done, PORTFOLIO, { deviceId: 'dev_1', appVersion: 'x', clockOffsetMs: 5 })
  assert.equal(record.promise, null)
  assert.equal(record.disposition, 'none')
  assert.deepEqual(record.contacts, [])
})

test('the law\'s window is read at the moment, not when it came', () => {
  const window = { allowed: true, reason_code: 'OK', law: '', next_allowed_at: fix(7200).at, until: fix(3600).at }
  assert.equal(windowAt(window, NOW).allowed, true)
  assert.deepEqual(windowAt(window, NOW + 3_600_000), { allowed: false, until: fix(7200).at, reason_code: 'window.closed' })
  const closed = { ...window, allowed: false, until: null, reason_code: 'WINDOW' }
  assert.deepEqual(windowAt(closed, NOW), { allowed: false, until: fix(7200).at, reason_code: 'WINDOW' })
  assert.equal(windowAt(closed, NOW + 7_200_000).allowed, true)
})

test('what is done sinks in the list, and search knows no accents', () => {
  const stops = [STOP, { ...STOP, assignment_id: 'asg_2', order: 2, name: 'Ana' }]
  const day = /** @type {any} */ ({ stops })
  const entries = entriesOf(day, [visit({ state: 'queued' })], null)
  assert.deepEqual(entries.map(({ stop, state }) => [stop.name, state]), [['Ana', 'planned'], ['José Núñez', 'unsent']])
  assert.deepEqual(search(entries, 'nunez uruguay').map(({ stop }) => stop.name), ['José Núñez'])
})

test('only the PIN opens the lock, and only its key what is sealed', async () => {
  const key = newKey()
  const lock = await makeLock('271828', key, 1000)
  assert.equal(await openLock(lock, '271829'), null)
  const opened = await openLock(lock, '271828')
  assert.deepEqual(opened, key)
  const sealed = await seal(await sealingKey(key), { name: 'José' })
  assert.deepEqual(await unseal(await sealingKey(key), sealed), { name: 'José' })
  await assert.rejects(unseal(await sealingKey(newKey()), sealed))
})

test('the first PINs that anybody would try are refused, and trying costs time', () => {
  assert.deepEqual(['111111', '123456', '654321', '271828', '135790'].map(isWeak), [true, true, true, false, false])
  assert.deepEqual([1, 4, 5, 6, 30].map(waitAfter), [0, 0, 30_000, 60_000, 1_800_000])
})

test('what is owed decides which questionnaire is asked, where products differ', () => {
  const label = { es: '', en: '', pt: '' }
  /** @type {FieldPortfolio} */
  const asking = { ...PORTFOLIO, dispositions: [{ code: 'promise', label, met: ['holder'], wants: [], form_id: 'frm_all', product_forms: { card: 'frm_card' } }] }
  const of = (/** @type {string[] | undefined} */ products) => dispositionOf({ ...visit({ disposition: 'promise' }), products }, asking)?.form_id
  assert.equal(of(['card']), 'frm_card')
  assert.equal(of(['loan']), 'frm_all')
  assert.equal(of(undefined), 'frm_all')
  assert.ok(stepsOf(visit({ disposition: 'promise' }), asking).includes('form'))
})

// @ts-check
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Api } from '../src/core/api.js'
import { useTexts } from '../src/core/i18n.js'
import { foldProblem, Problem } from '../src/core/problem.js'

const NO_HEADERS = { get: () => null }

/** @param {number} status @param {unknown} [body] */
function answer(status, body) {
  return new Response(body === undefined ? null : JSON.stringify(body), { status })
}

/** @type {{ url: string, init: any }[]} */
let sent
/** @type {Response[]} */
let answers
/** @type {{ tokens: (string | null)[], refreshes: number, refreshed: boolean }} */
let session
/** @type {Api} */
let api
let signedOut = false

beforeEach(() => {
  sent = []
  answers = []
  signedOut = false
  session = { tokens: ['old', 'new'], refreshes: 0, refreshed: true }
  api = new Api({
    session: {
      token: async () => (session.tokens.length > 1 ? (session.tokens.shift() ?? null) : session.tokens[0]),
      refresh: async () => {
        session.refreshes += 1
        return session.refreshed
      },
    },
    fetch: async (url, init) => {
      sent.push({ url: String(url), init })
      const next = answers.shift()
      if (next === undefined) throw new TypeError('no network')
      return next
    },
  })
  api.onSignedOut = () => { signedOut = true }
})

test('a call carries the token, and blank query values are left out', async () => {
  answers = [answer(200, { items: [] })]
  assert.deepEqual(await api.get('/people', { query: { limit: 200, cursor: null, q: '' } }), { items: [] })
  assert.equal(sent[0].url, '/api/v1/people?limit=200')
  assert.equal(sent[0].init.headers.Authorization, 'Bearer old')
})

test('the next page of a list that was narrowed stays narrowed', async () => {
  answers = [answer(200, { items: [] })]
  await api.get('/disputes?portfolio=prt_1&state=live', { query: { cursor: 'abc' } })
  assert.equal(sent[0].url, '/api/v1/disputes?portfolio=prt_1&state=live&cursor=abc')
})

test('an expired token is renewed once and the call repeated with the same key', async () => {
  answers = [answer(401, { code: 'session.ended' }), answer(201, { ok: 1 })]
  assert.deepEqual(await api.post('/portfolios', { name: 'x' }), { ok: 1 })
  assert.equal(session.refreshes, 1)
  assert.equal(sent[1].init.headers.Authorization, 'Bearer new')
  assert.ok(sent[0].init.headers['Idempotency-Key'])
  assert.equal(sent[0].init.headers['Idempotency-Key'], sent[1].init.headers['Idempotency-Key'])
})

test('a session that cannot be renewed signs out', async () => {
  answers = [answer(401, { message: 'Unauthorized' })]
  session.refreshed = false
  await assert.rejects(api.get('/me'), { code: 'session.expired' })
  assert.ok(signedOut)
})

test('the gateway refusing a fresh token is about rights, not about the session', async () => {
  const refusal = { Message: 'User is not authorized to access this resource with an explicit deny' }
  answers = [answer(403, refusal), answer(403, refusal)]
  await assert.rejects(api.get('/people'), { code: 'actor.not_allowed' })
  assert.equal(session.refreshes, 1)
  assert.ok(!signedOut)
})

test('a refusal of ours is not a reason to refresh', async () => {
  answers = [answer(403, { code: 'actor.not_allowed', details: { needs: 'admin' } })]
  await assert.rejects(api.get('/people'), { code: 'actor.not_allowed' })
  assert.equal(session.refreshes, 0)
})

test('without an answer the code says the network, and nobody is signed out', async () => {
  await assert.rejects(api.get('/me'), { code: 'network.unreachable', status: 0 })
  assert.ok(!signedOut)
})

test('a call somebody cancelled stays an abort', async () => {
  const aborting = new Api({
    session: { token: async () => 't', refresh: async () => true },
    fetch: async () => { throw new DOMException('stopped', 'AbortError') },
  })
  await assert.rejects(aborting.get('/me'), { name: 'AbortError' })
})

test('each of the three error shapes becomes one problem', () => {
  const ours = foldProblem(409, { code: 'portfolio.moved', details: { version: 4 }, request_id: 'r1' }, NO_HEADERS)
  assert.deepEqual([ours.code, ours.details.version, ours.requestId], ['portfolio.moved', 4, 'r1'])
  assert.equal(foldProblem(405, { Code: 'MethodNotAllowedError', Message: 'no' }, NO_HEADERS).code, 'http.not_found')
  assert.equal(foldProblem(403, { message: 'Missing Authentication Token' }, NO_HEADERS).code, 'http.not_found')
  assert.equal(foldProblem(401, { message: 'Unauthorized' }, NO_HEADERS).code, 'session.expired')
  assert.equal(foldProblem(429, { message: 'Too Many Requests' }, NO_HEADERS).code, 'http.too_many')
  assert.equal(foldProblem(502, null, NO_HEADERS).code, 'http.server')
  assert.equal(foldProblem(500, null, { get: (name) => (name === 'x-amzn-requestid' ? 'r2' : null) }).requestId, 'r2')
})

test('a problem has a text even for a code nobody wrote one for', () => {
  useTexts({ 'errors.unknown': 'No se pudo.', 'errors.ledger.over_limit': 'Hasta {limit}.' }, 'es')
  assert.equal(new Problem({ code: 'brand.new', status: 422 }).text, 'No se pudo.')
  assert.equal(new Problem({ code: 'ledger.over_limit', status: 422, details: { limit: '$5' } }).text, 'Hasta $5.')
})

test('a call that is cancelled while its answer is read is cancelled, not an empty answer', async () => {
  const cut = new Response(new ReadableStream({ pull: (body) => { body.error(new DOMException('cancelled', 'AbortError')) } }))
  answers = [cut]
  await assert.rejects(api.get('/people'), { name: 'AbortError' })
})

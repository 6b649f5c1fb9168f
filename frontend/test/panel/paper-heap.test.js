// @ts-nocheck - tests give only the parts of a thing that they are about
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { MOST_BYTES, PaperHeap, dropped, unfit } from '../../src/panel/papers/heap.js'

/** The API and the bucket, with what each file's name means. */
class Server {
  calls = []
  sent = []
  down = false
  lost = new Set()

  async post(path, body) {
    this.calls.push([path, body])
    if (this.down) throw new Error('no line')
    if (path.endsWith('/paper-matches')) return { items: body.items.map(({ name }) => this.match(name)) }
    if (path.endsWith('/paper-forms')) return { items: Array.from({ length: body.count }, (_, n) => ({ mark: `mark-${this.calls.length}-${n}`, post: {} })) }
    return { items: body.items.map(({ name }) => ({ name, outcome: name.includes('malo') ? 'refused' : 'placed', reason: name.includes('malo') ? 'bad_format' : '' })) }
  }

  match(name) {
    const debts = (name.startsWith('?') ? ['F-1__A', 'F-1'] : name.startsWith('F-') ? ['F-1'] : []).map((debt) => ({ debt, case_id: 'cas_1', case_name: 'Rosa' }))
    return { name, debts, kind: null, outcome: name.includes('ya') ? 'known' : debts.length > 1 ? 'ambiguous' : debts.length === 1 ? 'matched' : 'no_debt' }
  }
}

const file = (name, body = name) => ({ file: new File([body], name), path: `carpeta/${name}` })

function heapOf(server) {
  return new PaperHeap({
    api: server, portfolio: 'prt 1', paint: () => {},
    put: async (_post, one) => {
      if (server.lost.has(one.name)) throw new Error('cut')
      server.sent.push(one.name)
    },
  })
}

const states = (heap) => Object.fromEntries(heap.lines.map(({ file: { name }, state }) => [name, state]))

test('every file is accounted for before any is sent', async () => {
  const server = new Server()
  const heap = heapOf(server)
  await heap.take([file('F-1.pdf'), file('?.pdf'), file('foto.png'), file('F-1 ya.pdf'), file('F-1 otra vez.pdf', 'F-1.pdf'), file('F-1.docx'), file('F-1 nada.pdf', '')])

  assert.deepEqual(states(heap), {
    'F-1.pdf': 'matched', '?.pdf': 'ambiguous', 'foto.png': 'no_debt', 'F-1 ya.pdf': 'known',
    'F-1 otra vez.pdf': 'twice', 'F-1.docx': 'unfit', 'F-1 nada.pdf': 'unfit',
  })
  assert.deepEqual(server.sent, [])
  assert.equal(server.calls[0][0], '/portfolios/prt%201/paper-matches')
  assert.match(server.calls[0][1].items[0].sha256, /^[0-9a-f]{64}$/)
  assert.equal(heap.ready.length, 1)
})

test('many are asked about fifty at a time', async () => {
  const server = new Server()
  await heapOf(server).take(Array.from({ length: 120 }, (_, n) => file(`F-${n}.pdf`)))

  assert.deepEqual(server.calls.map(([, body]) => body.items.length), [50, 50, 20])
})

test('only what is ready goes, under the debt that was told', async () => {
  const server = new Server()
  const heap = heapOf(server)
  await heap.take([file('F-1.pdf'), file('?.pdf'), file('?malo.pdf'), file('foto.png')])
  heap.choose(heap.lines[2], 'F-1')
  heap.usual = 'invoice'

  await heap.send()

  assert.deepEqual(server.sent, ['F-1.pdf', '?malo.pdf'])
  const [path, body] = server.calls.at(-1)
  assert.equal(path, '/portfolios/prt%201/papers')
  assert.deepEqual(body.items.map(({ debt, kind }) => [debt, kind]), [['F-1', 'invoice'], ['F-1', 'invoice']])
  assert.deepEqual(states(heap), { 'F-1.pdf': 'placed', '?.pdf': 'ambiguous', '?malo.pdf': 'refused', 'foto.png': 'no_debt' })
  assert.equal(heap.lines[2].reason, 'bad_format')
})

test('what the line lost is sent again, and nothing else', async () => {
  const server = new Server()
  const heap = heapOf(server)
  await heap.take([file('F-1.pdf'), file('F-2.pdf'), file('F-3.pdf')])
  server.lost.add('F-2.pdf')
  await heap.send()
  assert.deepEqual(states(heap), { 'F-1.pdf': 'placed', 'F-2.pdf': 'failed', 'F-3.pdf': 'placed' })

  server.lost.clear()
  await heap.send()

  assert.deepEqual(states(heap), { 'F-1.pdf': 'placed', 'F-2.pdf': 'placed', 'F-3.pdf': 'placed' })
  assert.deepEqual(server.sent, ['F-1.pdf', 'F-3.pdf', 'F-2.pdf'])
})

test('where the API is away nothing is lost, and it goes on', async () => {
  const server = new Server()
  const heap = heapOf(server)
  server.down = true
  await heap.take([file('F-1.pdf'), file('F-2.pdf')])
  assert.equal(heap.problem.code !== '', true)
  assert.deepEqual(states(heap), { 'F-1.pdf': 'reading', 'F-2.pdf': 'reading' })

  server.down = false
  await heap.ask()
  server.down = true
  await heap.send()
  assert.deepEqual(states(heap), { 'F-1.pdf': 'failed', 'F-2.pdf': 'failed' })

  server.down = false
  await heap.send()
  assert.deepEqual(states(heap), { 'F-1.pdf': 'placed', 'F-2.pdf': 'placed' })
})

test('it stops between two handfuls, and what was not sent stays ready', async () => {
  const server = new Server()
  const heap = heapOf(server)
  await heap.take(Array.from({ length: 20 }, (_, n) => file(`F-${n}.pdf`)))
  const post = server.post.bind(server)
  server.post = (path, body) => {
    if (path.endsWith('/papers')) heap.stop()
    return post(path, body)
  }

  await heap.send()

  assert.equal(heap.of('placed').length, 6)
  assert.equal(heap.ready.length, 14)
})

test('what is no document is told before a byte leaves', () => {
  assert.equal(unfit({ name: 'a.PDF', size: 1 }), '')
  assert.equal(unfit({ name: 'a.exe', size: 1 }), 'kind')
  assert.equal(unfit({ name: 'pdf', size: 1 }), '')
  assert.equal(unfit({ name: 'a.jpg', size: 0 }), 'empty')
  assert.equal(unfit({ name: 'a.jpg', size: MOST_BYTES + 1 }), 'large')
})

test('a folder that is dropped is opened to its last file', async () => {
  const one = (name, path) => ({ isFile: true, fullPath: `/${path}`, file: (done) => done(new File(['x'], name)) })
  const folder = (...inside) => {
    const parts = [inside.slice(0, 1), inside.slice(1), []]
    return { isFile: false, createReader: () => ({ readEntries: (done) => done(parts.shift()) }) }
  }
  const entry = folder(one('a.pdf', 'x/a.pdf'), folder(one('b.pdf', 'x/y/b.pdf')), one('.DS_Store', 'x/.DS_Store'))

  const found = await dropped({ items: [{ webkitGetAsEntry: () => entry }], files: [] })

  assert.deepEqual(found.map(({ path }) => path), ['x/a.pdf', 'x/y/b.pdf'])
  const plain = await dropped({ items: [], files: [new File(['x'], 'c.pdf')] })
  assert.deepEqual(plain.map(({ path }) => path), ['c.pdf'])
})

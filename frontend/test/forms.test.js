// @ts-check
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Evaluator } from '../src/core/forms/evaluate.js'
import { Filling } from '../src/core/forms/filling.js'
import { textOf } from '../src/core/forms/values.js'

/** The cases that the server's Python runs too. @param {string} name */
const cases = (name) =>
  JSON.parse(readFileSync(new URL(`../../tests/unit/forms/cases/${name}.json`, import.meta.url), 'utf8'))

const expressions = cases('expressions')
const filled = cases('filling')

/** Two texts are the same number when they differ in what no float can hold. @param {string} a @param {string} b */
function alike(a, b) {
  if (a === b) return true
  const [x, y] = [Number(a), Number(b)]
  return a !== '' && b !== '' && Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(x), Math.abs(y))
}

const world = new Filling(expressions.form, expressions.answers, expressions.surroundings)
const evaluator = new Evaluator(expressions.form, world.root, expressions.surroundings)
const nodes = new Map(world.root.walk().map((node) => [node.path(), node]))

/** @param {{ at: string, tree: any }} one */
function run({ at, tree }) {
  const node = nodes.get(at)
  assert.ok(node, at)
  return textOf(evaluator.value(tree, node))
}

for (const one of expressions.cases) {
  test(`${one.at}: ${one.expression}`, () => assert.equal(run(one), one.value))
}

test(`${expressions.invented.length} invented expressions give what they give in Python`, () => {
  const different = expressions.invented
    .map((/** @type {any} */ one) => ({ ...one, here: run(one) }))
    .filter((/** @type {any} */ one) => !alike(one.here, one.value))
    .map((/** @type {any} */ one) => `${one.at}: ${one.expression} = ${one.here}, Python ${one.value}`)
  assert.deepEqual(different, [])
})

for (const one of filled.cases) {
  test(`filled: ${one.name}`, () => {
    const filling = new Filling(filled.form, one.answers, filled.surroundings)
    assert.deepEqual(filling.problems(), one.problems)
    assert.deepEqual(filling.answers(), one.kept)
  })
}

test(`${filled.invented.length} invented sets of answers are read as in Python`, () => {
  const different = filled.invented.flatMap((/** @type {any} */ one, /** @type {number} */ n) => {
    const filling = new Filling(filled.form, one.answers, filled.surroundings)
    const here = { problems: filling.problems(), kept: filling.answers() }
    try {
      assert.deepEqual(here, { problems: one.problems, kept: one.kept })
      return []
    } catch {
      return [{ n, answers: one.answers, here, python: { problems: one.problems, kept: one.kept } }]
    }
  })
  assert.deepEqual(different, [])
})

/** @param {Filling} filling @param {string} path */
function find(filling, path) {
  const node = filling.root.walk().find((one) => one.path() === path)
  assert.ok(node, path)
  return node
}

test('a form begins with its defaults and what the phone knows', () => {
  const filling = Filling.begin(filled.form, filled.surroundings)
  assert.equal(find(filling, 'hijos').value, '0')
  assert.equal(find(filling, 'inicio').value, filled.surroundings.now)
  assert.equal(find(filling, 'saldo').value, '1200')
})

test('an answer opens questions, makes room for more, and computes', () => {
  const filling = Filling.begin(filled.form, filled.surroundings)
  assert.equal(find(filling, 'monto').asked(), false)
  filling.set(find(filling, 'promete'), 'si')
  assert.equal(find(filling, 'monto').asked(), true)
  filling.set(find(filling, 'monto'), '200')
  assert.equal(find(filling, 'resto').value, '1000')
  const note = find(filling, 'fin')
  assert.equal(filling.words(note.item.label?.default ?? '', note), 'Restan 1000')
  filling.set(find(filling, 'hijos'), '2')
  assert.equal(find(filling, 'hijo[2]/edad').value, '')
  filling.set(find(filling, 'hijo[1]/edad'), '7')
  assert.equal(find(filling, 'hijo[1]/escuela').asked(), true)
  assert.equal(find(filling, 'menores').value, '1')
})

test('choices follow the answers before them', () => {
  const filling = Filling.begin(filled.form, filled.surroundings)
  filling.set(find(filling, 'estado'), 'ver')
  assert.deepEqual(filling.choices(find(filling, 'municipio')).map((choice) => choice.name), ['xal'])
})

test('an instance of a repeat can be taken away', () => {
  const filling = new Filling(expressions.form, expressions.answers, expressions.surroundings)
  filling.remove(find(filling, 'pago[1]'))
  assert.equal(find(filling, 'pago[1]/monto').value, '250.25')
  filling.add(filling.root, 'pago')
  assert.equal(filling.root.named('pago').length, 3)
})

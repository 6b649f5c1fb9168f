// @ts-check

/**
 * Evaluate a parsed expression at a node of the filled form: the twin of
 * `chalicelib/forms/evaluate.py`. Both run `tests/unit/forms/cases`.
 */

import { formatted, FUNCTIONS } from './library.js'
import { listTree, Node, plainLabel } from './tree.js'
import { numberOf, same, textOf, truthOf } from './values.js'

/** @import { Form, Surroundings, Tree } from './form' */
/** @import { Value } from './values.js' */

/**
 * Where an expression stands: `origin` asks, `node` moves along paths and predicates.
 * @typedef {{ origin: Node, node: Node, position: number, size: number }} Here
 */

/** @type {Record<string, (a: number, b: number) => Value>} */
const NUMERIC = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  div: (a, b) => a / b,
  mod: (a, b) => (Number.isFinite(a) ? a % b : NaN),
}
const OF_THE_NODE = new Set(['string', 'number', 'string-length', 'normalize-space'])

export class Evaluator {
  /** @type {Map<string, Node>} */
  #lists = new Map()

  /**
   * @param {Form} form
   * @param {Node} root
   * @param {Surroundings} surroundings
   */
  constructor(form, root, surroundings) {
    this.form = form
    this.root = root
    this.surroundings = surroundings
  }

  /**
   * @param {Tree} tree
   * @param {Node} origin
   * @param {Node} [node]  What `.` and bare names mean; a choice, in a choice filter.
   */
  value(tree, origin, node = origin) {
    return this.#run(tree, { origin, node, position: 1, size: 1 })
  }

  /** @param {Tree} tree @param {Node} origin */
  text(tree, origin) {
    return textOf(this.value(tree, origin))
  }

  /** @param {Tree} tree @param {Node} origin @param {Node} [node] */
  truth(tree, origin, node) {
    return truthOf(this.value(tree, origin, node))
  }

  /** @param {any} tree @param {Here} here @returns {Value} */
  #run(tree, here) {
    const [head, one, other] = tree
    switch (head) {
      case 's':
      case 'n':
        return one
      case 'ref':
        return this.#ref(one, here.origin)
      case 'path':
        return this.#path(tree, here)
      case 'call':
        return this.#call(one, tree.slice(2), here)
      case 'and':
        return truthOf(this.#run(one, here)) && truthOf(this.#run(other, here))
      case 'or':
        return truthOf(this.#run(one, here)) || truthOf(this.#run(other, here))
      case 'neg':
        return -numberOf(this.#run(one, here))
      case 'saved':
        return this.surroundings.saved?.[one] ?? ''
    }
    const a = this.#run(one, here)
    const b = this.#run(other, here)
    if (head === '=' || head === '!=') return same(a, b) === (head === '=')
    if (head === '|') return [...new Set([...nodes(a), ...nodes(b)])]
    return NUMERIC[head](numberOf(a), numberOf(b))
  }

  /**
   * Find the nodes of a question: those of the same instances as `origin`, where they share.
   * @param {string[]} path
   * @param {Node} origin
   * @param {Map<number, number>} [chosen]  For `indexed-repeat`: instance by depth.
   */
  #ref(path, origin, chosen) {
    const chain = origin.chain()
    let found = [this.root]
    let shared = true
    path.forEach((name, depth) => {
      const own = shared ? chain[depth + 1] : undefined
      const next = found.flatMap((node) => node.named(name))
      const wanted = chosen?.get(depth)
      if (wanted !== undefined) {
        found = wanted >= 1 ? next.slice(wanted - 1, wanted) : []
        shared = false
      } else if (own?.name === name && depth < path.length - 1) {
        found = [own]
      } else {
        found = next
        shared = false
      }
    })
    return found.filter((node) => node.asked())
  }

  /** @param {any} tree @param {Here} here */
  #path(tree, here) {
    const [, start, steps] = tree
    let found = this.#start(start, here)
    for (const [axis, name, predicates] of steps) {
      found = step(found, axis, name)
      for (const predicate of predicates) found = this.#filtered(found, predicate, here)
    }
    return found
  }

  /** @param {any} start @param {Here} here */
  #start(start, here) {
    if (start[0] === 'here') return [here.node]
    if (start[0] !== 'root') return nodes(this.#run(start, here))
    const top = new Node('', {}, null)
    top.children = [this.root]
    return [top]
  }

  /** @param {Node[]} found @param {any} predicate @param {Here} here */
  #filtered(found, predicate, here) {
    return found.filter((node, at) => {
      const value = this.#run(predicate, { origin: here.origin, node, position: at + 1, size: found.length })
      return typeof value === 'number' ? value === at + 1 : truthOf(value)
    })
  }

  /** @param {string} name @param {any[]} given @param {Here} here @returns {Value} */
  #call(name, given, here) {
    switch (name) {
      case 'if':
        return this.#run(given[truthOf(this.#run(given[0], here)) ? 1 : 2], here)
      case 'coalesce':
        return textOf(this.#run(given[0], here)) || textOf(this.#run(given[1], here))
      case 'once':
        return here.origin.value || textOf(this.#run(given[0], here))
      case 'position': {
        if (given.length === 0) return here.position
        const found = nodes(this.#run(given[0], here))
        return found.length > 0 ? found[0].place() : NaN
      }
      case 'last':
        return here.size
      case 'current':
        return [here.origin]
      case 'instance':
        return [this.listOf(given[0][1])]
      case 'pulldata':
        return this.#pulled(given, here)
      case 'indexed-repeat': {
        /** @type {Map<number, number>} */
        const chosen = new Map()
        for (let at = 1; at < given.length; at += 2) {
          const number = numberOf(this.#run(given[at + 1], here))
          chosen.set(given[at][1].length - 1, Number.isFinite(number) ? Math.trunc(number) : 0)
        }
        return this.#ref(given[0][1], here.origin, chosen)
      }
      case 'jr:choice-name': {
        const wanted = textOf(this.#run(given[0], here))
        const row = this.form.lists[given[1][1]]?.find((choice) => choice.name === wanted)
        return plainLabel(row?.label, this.surroundings.language)
      }
      case 'today':
        return this.surroundings.now.slice(0, 10)
      case 'now':
        return this.surroundings.now
      case 'uuid':
        return crypto.randomUUID()
      case 'random':
        return Math.random()
    }
    if (given.length === 0 && OF_THE_NODE.has(name)) return FUNCTIONS[name]([textOf([here.node])])
    const values = given.map((argument) => this.#run(argument, here))
    if (name === 'format-date' || name === 'format-date-time') {
      return formatted(values[0], textOf(values[1]), this.surroundings.language ?? '')
    }
    return FUNCTIONS[name](values)
  }

  /** The tree of a list of choices or of an attached table. @param {string} name */
  listOf(name) {
    let found = this.#lists.get(name)
    if (found === undefined) {
      found = listTree(this.form.lists[name] ?? [])
      this.#lists.set(name, found)
    }
    return found
  }

  /** @param {any[]} given @param {Here} here */
  #pulled(given, here) {
    const key = textOf(this.#run(given[3], here))
    const [table, column, keyColumn] = given.map((argument) => argument[1])
    const rows = this.listOf(table).children[0].children
    const row = rows.find((one) => textOf(one.named(keyColumn)) === key)
    return row === undefined ? '' : textOf(row.named(column))
  }
}

/** @param {Node[]} found @param {string} axis @param {string} name */
function step(found, axis, name) {
  if (axis === 'self') return found
  if (axis === 'parent') {
    return [...new Set(found.map((node) => node.parent).filter((parent) => parent !== null))]
  }
  return found.flatMap((node) => node.named(name)).filter((node) => node.asked())
}

/** @param {Value} value @returns {Node[]} */
function nodes(value) {
  return Array.isArray(value) ? value : []
}

// @ts-check

/**
 * The form while it is filled: what is asked, what is computed, what is wrong. The twin of
 * `chalicelib/forms/answers.py`, which judges the same answers when they arrive.
 */

import { Evaluator } from './evaluate.js'
import { Node, rowTree } from './tree.js'
import { numberOf, textOf } from './values.js'
import { readValue } from './wording.js'

/** @import { Choice, Form, Item, Problem, Surroundings, Text } from './form' */
/** @typedef {{ [name: string]: string | Answers | Answers[] }} Answers */

const MAX_ROUNDS = 50
const MAX_INSTANCES = 200
const HOLDERS = new Set(['group', 'repeat'])
const CHOICES = new Set(['select_one', 'select_multiple', 'rank'])
const NEVER_ASKED = new Set(['note', 'calculate', 'hidden', 'metadata'])

export class Filling {
  #evaluator
  /** Whether an agent is filling it: then what is new gets its defaults. */
  #begun = false

  /**
   * @param {Form} form
   * @param {Answers} answers  As `answers()` gave them, for a visit that goes on.
   * @param {Surroundings} surroundings
   */
  constructor(form, answers, surroundings) {
    this.form = form
    this.surroundings = surroundings
    this.root = new Node(form.root, { kind: 'group', items: form.items }, null)
    this.#evaluator = new Evaluator(form, this.root, surroundings)
    this.#grow(this.root, answers)
    this.settle()
    this.#begun = true
  }

  /** A form that nobody has filled yet, with its defaults. @param {Form} form @param {Surroundings} surroundings */
  static begin(form, surroundings) {
    const made = new Filling(form, {}, surroundings)
    made.#setDefaults(made.root)
    made.settle()
    return made
  }

  /** What is wrong, in the order of the form. @returns {Problem[]} */
  problems() {
    return this.root.walk().flatMap((node) => {
      const code = this.wrong(node)
      return code === null ? [] : [{ question: node.name, path: node.path(), code }]
    })
  }

  /** What is to be kept and sent: what is asked and answered, and what is computed. */
  answers() {
    return kept(this.root)
  }

  /** Answer a question. @param {Node} node @param {string} value */
  set(node, value) {
    if (node.value === value) return
    node.value = value
    this.settle()
    const names = node.chain().slice(1).map((one) => one.name).join('/')
    for (const other of this.root.walk()) {
      if (!other.item.trigger?.some((path) => path.join('/') === names)) continue
      if (other.item.calculate) other.value = blank(this.#evaluator.text(other.item.calculate, other))
    }
    this.settle()
  }

  /** Add an instance of a repeat. @param {Node} holder @param {string} name */
  add(holder, name) {
    const made = this.#add(holder, name)
    this.settle()
    return made
  }

  /** Remove an instance of a repeat. @param {Node} node */
  remove(node) {
    const siblings = node.parent?.children ?? []
    siblings.splice(siblings.indexOf(node), 1)
    this.settle()
  }

  /** The choices of a question as its filter leaves them. @param {Node} node @returns {Choice[]} */
  choices(node) {
    const { item } = node
    if (item.list_from) {
      const values = this.#evaluator.value(['ref', item.list_from], node)
      const texts = Array.isArray(values) ? values.map((one) => one.text()) : []
      return texts.filter((text) => text !== '').map((text) => ({ name: text, label: { default: text } }))
    }
    const rows = this.form.lists[item.list ?? '']
    const { filter } = item
    return filter ? rows.filter((row) => this.#evaluator.truth(filter, node, rowTree(row))) : rows
  }

  /** A label or a message with the answers that it mentions. @param {Text} text @param {Node} node */
  words(text, node) {
    if (typeof text === 'string') return text
    return text
      .map((part) => (typeof part === 'string' ? part : textOf(this.#evaluator.value(part, node))))
      .join('')
  }

  /** Compute what follows from the answers, until nothing changes. */
  settle() {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (!this.#round()) return
    }
  }

  /** What is wrong with one answer, by code. @param {Node} node @returns {string | null} */
  wrong(node) {
    const { item, value } = node
    const kind = item.kind ?? ''
    if (HOLDERS.has(kind)) return this.#wrongNumber(node)
    const computed = item.calculate !== undefined || item.read_only || kind === 'hidden'
    if (!node.asked()) {
      if (value === '' || computed || kind === 'metadata') return null
      return item.forbidden === undefined ? 'question.not_asked' : 'question.forbidden'
    }
    if (value === '') return !NEVER_ASKED.has(kind) && this.required(node) ? 'question.required' : null
    if (CHOICES.has(kind) && item.calculate === undefined && !this.#isChosen(node)) {
      return 'question.not_a_choice'
    }
    const code = item.calculate === undefined ? readValue(kind, value, item) : null
    if (code !== null) return code
    return item.constraint && !this.#evaluator.truth(item.constraint, node) ? 'question.constraint' : null
  }

  /** @param {Node} node */
  required(node) {
    const { required } = node.item
    return required === true || (required !== undefined && this.#evaluator.truth(required, node))
  }

  /** @param {Node} node */
  #isChosen(node) {
    const names = new Set(this.choices(node).map((choice) => choice.name))
    const chosen = node.item.kind === 'select_one' ? [node.value] : node.value.split(/\s+/).filter(Boolean)
    return new Set(chosen).size === chosen.length && chosen.every((name) => names.has(name))
  }

  #round() {
    let changed = false
    for (const node of this.root.walk()) {
      const asked = this.#isAsked(node)
      changed = asked !== node.relevant || changed
      node.relevant = asked
      changed = this.#compute(node) || changed
      changed = this.#count(node) || changed
    }
    return changed
  }

  /** @param {Node} node */
  #isAsked(node) {
    const { item } = node
    if (item.forbidden !== undefined) return false
    return item.relevant === undefined || this.#evaluator.truth(item.relevant, node)
  }

  /** Set what is not typed. @param {Node} node */
  #compute(node) {
    const { item } = node
    let { value } = node
    const preset = this.surroundings.presets?.[node.name]
    if (item.calculate && !item.trigger) {
      if (!item.volatile || value === '') value = blank(this.#evaluator.text(item.calculate, node))
    } else if (item.kind === 'hidden' && preset !== undefined) {
      value = preset
    } else if (item.read_only && !item.trigger) {
      value = this.#default(node)
    }
    const changed = value !== node.value
    node.value = value
    return changed
  }

  /** @param {Node} node */
  #default(node) {
    const { item } = node
    return item.dynamic_default ? this.#evaluator.text(item.dynamic_default, node) : (item.default ?? '')
  }

  /** @param {Node} node */
  #setDefaults(node) {
    for (const one of node.walk()) {
      const { kind, source = '', calculate } = one.item
      if (kind === 'metadata') one.value = this.#sensed(source)
      else if (!HOLDERS.has(kind ?? '') && calculate === undefined) one.value ||= this.#default(one)
    }
  }

  /** @param {string} source */
  #sensed(source) {
    if (source === 'start') return this.surroundings.now
    if (source === 'today') return this.surroundings.now.slice(0, 10)
    return this.surroundings.device?.[source] ?? ''
  }

  /** Bring the repeats of a node to the number that the form asks for. @param {Node} node */
  #count(node) {
    let changed = false
    for (const item of node.item.items ?? []) {
      if (!item.count) continue
      const wanted = numberOf(this.#evaluator.value(item.count, node))
      let missing = Math.min(wanted > 0 ? Math.trunc(wanted) : 0, MAX_INSTANCES) - node.named(item.name).length
      for (; missing > 0; missing -= 1) {
        this.#add(node, item.name)
        changed = true
      }
    }
    return changed
  }

  /** @param {Node} holder @param {string} name */
  #add(holder, name) {
    const items = holder.item.items ?? []
    const order = items.map((item) => item.name)
    const place = order.indexOf(name)
    const made = new Node(name, items[place], holder)
    const before = holder.children.filter((child) => order.indexOf(child.name) <= place)
    holder.children.splice(before.length, 0, made)
    this.#grow(made, {})
    if (this.#begun) this.#setDefaults(made)
    return made
  }

  /** @param {Node} node @param {any} answers */
  #grow(node, answers) {
    for (const item of node.item.items ?? []) {
      const given = answers?.[item.name]
      if (item.kind === 'repeat') {
        for (const instance of Array.isArray(given) ? given : []) this.#grow(node.add(item.name, item), instance)
      } else if (item.kind === 'group') {
        this.#grow(node.add(item.name, item), given)
      } else {
        node.add(item.name, item, typeof given === 'string' ? given : '')
      }
    }
  }

  /** @param {Node} node */
  #wrongNumber(node) {
    const { count } = node.item
    if (!count || node.parent === null || !node.asked()) return null
    const wanted = numberOf(this.#evaluator.value(count, node.parent))
    return node.place() > Math.max(Number.isNaN(wanted) ? 0 : wanted, 0) ? 'question.too_many' : null
  }
}

/** @param {string} text */
function blank(text) {
  return text === 'NaN' ? '' : text
}

/** @param {Node} node @returns {Answers} */
function kept(node) {
  /** @type {Answers} */
  const found = {}
  for (const child of node.children) {
    if (!child.asked()) continue
    if (child.item.kind === 'repeat') {
      const list = /** @type {Answers[]} */ (found[child.name] ??= [])
      list.push(kept(child))
    } else if (child.item.kind === 'group') {
      const inside = kept(child)
      if (Object.keys(inside).length > 0) found[child.name] = inside
    } else if (child.value !== '') {
      found[child.name] = child.value
    }
  }
  return found
}

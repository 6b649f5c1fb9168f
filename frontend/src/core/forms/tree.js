// @ts-check

/** @import { Choice, Item, Texts } from './form' */

/** The questionnaire as it is filled: one node for each question, group and instance of a repeat. */
export class Node {
  /** @type {Node[]} */
  children = []
  relevant = true

  /**
   * @param {string} name
   * @param {Partial<Item>} item  Empty for a row of a list.
   * @param {Node | null} parent
   * @param {string} [value]
   */
  constructor(name, item, parent, value = '') {
    this.name = name
    this.item = item
    this.parent = parent
    this.value = value
  }

  /** The value that expressions see: none, where the question is not asked. */
  text() {
    return this.asked() ? this.value : ''
  }

  asked() {
    for (let node = /** @type {Node | null} */ (this); node !== null; node = node.parent) {
      if (!node.relevant) return false
    }
    return true
  }

  /** @param {string} name */
  named(name) {
    return this.children.filter((child) => name === '*' || child.name === name)
  }

  /**
   * @param {string} name
   * @param {Partial<Item>} item
   * @param {string} [value]
   */
  add(name, item, value = '') {
    const child = new Node(name, item, this, value)
    this.children.push(child)
    return child
  }

  /** Itself and what it lies in, outermost first. */
  chain() {
    /** @type {Node[]} */
    const found = []
    for (let node = /** @type {Node | null} */ (this); node !== null; node = node.parent) found.unshift(node)
    return found
  }

  /** Its number among its like, from 1. */
  place() {
    return this.parent === null ? 1 : this.parent.named(this.name).indexOf(this) + 1
  }

  /** Itself and all below, in the order of the form. @returns {Node[]} */
  walk() {
    return [this, ...this.children.flatMap((child) => child.walk())]
  }

  /** Where it is, with the numbers of repeats: `kids[2]/age`. */
  path() {
    return this.chain()
      .slice(1)
      .map((node) => (node.item.kind === 'repeat' ? `${node.name}[${node.place()}]` : node.name))
      .join('/')
  }
}

/** The tree that `instance('list')` gives. @param {Choice[]} rows */
export function listTree(rows) {
  const top = new Node('', {}, null)
  const root = top.add('root', {})
  for (const row of rows) rowTree(row, root)
  return top
}

/** @param {Choice} row @param {Node | null} [parent] */
export function rowTree(row, parent = null) {
  const node = new Node('item', {}, parent)
  parent?.children.push(node)
  node.add('name', {}, row.name)
  node.add('label', {}, plainLabel(row.label))
  for (const [column, value] of Object.entries(row.columns ?? {})) node.add(column, {}, value)
  return node
}

/** @param {Texts | undefined} label @param {string} [language] */
export function plainLabel(label, language = '') {
  const text = label?.[language] || Object.values(label ?? {})[0] || ''
  return typeof text === 'string' ? text : ''
}

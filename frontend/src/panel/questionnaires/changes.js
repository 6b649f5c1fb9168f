// @ts-check

/** A questionnaire as its editor holds it, and what of it was changed. */

/** @import { Form, Item, Text, Texts } from '../../core/forms/form' */

/**
 * @typedef {object} EditedItem
 * @property {string} name
 * @property {string[]} path
 * @property {string} kind
 * @property {Record<string, string>} label
 * @property {Record<string, string>} hint
 * @property {boolean | null} required  Null: a condition says it, or it cannot be.
 * @property {EditedItem[] | null} items  Of a group or repeat.
 */
/** @typedef {{ name: string, label: Record<string, string>, added: boolean }} EditedChoice */
/** @typedef {{ title: string, items: EditedItem[], lists: Record<string, EditedChoice[]> }} Edited */

const NEVER_REQUIRED = new Set(['group', 'repeat', 'note', 'calculate', 'hidden', 'metadata'])

/** @param {Form} form @returns {Edited} */
export function edited(form) {
  return {
    title: form.title,
    items: form.items.map((item) => editedItem(item, [])),
    lists: Object.fromEntries(Object.entries(form.lists).map(([name, choices]) => [
      name, choices.map((choice) => ({ name: choice.name, label: written(choice.label), added: false })),
    ])),
  }
}

/** @param {Item} item @param {string[]} above @returns {EditedItem} */
function editedItem(item, above) {
  const path = [...above, item.name]
  return {
    name: item.name,
    path,
    kind: item.kind,
    label: written(item.label),
    hint: written(item.hint),
    required: NEVER_REQUIRED.has(item.kind) || Array.isArray(item.required) ? null : item.required === true,
    items: item.items?.map((child) => editedItem(child, path)) ?? null,
  }
}

/** Texts as authors write them: `${name}` where they mention an answer. @param {Texts | undefined} texts */
function written(texts) {
  return Object.fromEntries(Object.entries(texts ?? {}).map(([language, text]) => [language, asTyped(text)]))
}

/** @param {Text} text */
function asTyped(text) {
  if (typeof text === 'string') return text
  return text.map((part) => (typeof part === 'string' ? part : `\${${/** @type {any} */ (part[1]).at(-1)}}`)).join('')
}

/**
 * What is sent: only what differs.
 * @param {Edited} before
 * @param {Edited} after
 */
export function changesOf(before, after) {
  /** @type {Record<string, unknown>[]} */
  const questions = []
  /** @type {{ path: string[], names: string[] }[]} */
  const order = []
  compare(before.items, after.items, [])
  /** @type {Record<string, { name: string, label: Record<string, string> }[]>} */
  const lists = {}
  for (const [name, choices] of Object.entries(after.lists)) {
    if (JSON.stringify(choices) !== JSON.stringify(before.lists[name])) lists[name] = choices.map(({ name: key, label }) => ({ name: key, label }))
  }
  return { ...(after.title === before.title ? {} : { title: after.title }), questions, order, lists }

  /** @param {EditedItem[]} old @param {EditedItem[]} now @param {string[]} path */
  function compare(old, now, path) {
    const names = now.map((item) => item.name)
    if (names.join('\n') !== old.map((item) => item.name).join('\n')) order.push({ path, names })
    for (const item of now) {
      const was = /** @type {EditedItem} */ (old.find((one) => one.name === item.name))
      const label = differing(was.label, item.label)
      const hint = differing(was.hint, item.hint)
      const required = was.required === item.required ? null : item.required
      if (label || hint || required !== null) {
        questions.push({ path: item.path, ...(label && { label }), ...(hint && { hint }), ...(required !== null && { required }) })
      }
      if (item.items) compare(was.items ?? [], item.items, item.path)
    }
  }
}

/** @param {Record<string, string>} old @param {Record<string, string>} now */
function differing(old, now) {
  const found = Object.entries(now).filter(([language, text]) => text.trim() !== (old[language] ?? '').trim())
  return found.length === 0 ? null : Object.fromEntries(found)
}

/** Move one of a list by so many places. @template T @param {T[]} list @param {number} at @param {number} by */
export function move(list, at, by) {
  list.splice(at + by, 0, ...list.splice(at, 1))
}

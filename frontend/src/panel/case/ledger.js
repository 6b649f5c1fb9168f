// @ts-check

/** The ledger as a page shows it: order, running balance, what belongs together, what may be undone. */

/** @import { Debt, Entry, EntryKind } from '../cases/contract.js' */

import { t } from '../../core/i18n.js'

/** @typedef {Entry & { balance_minor: number }} Line */

/** Kinds a person may undo; a reversal of a reversal would only confuse the file. */
const REVERSIBLE = new Set(['payment', 'adjustment', 'waiver'])

/**
 * Entries in the order they count, each with the balance after it.
 * @param {Entry[]} entries
 * @returns {Line[]}  Oldest first.
 */
export function lines(entries) {
  const ordered = [...entries].sort(
    (a, b) => compare(a.effective_on, b.effective_on) || compare(a.recorded_at, b.recorded_at)
      || rank(a.kind) - rank(b.kind) || compare(a.entry_id, b.entry_id),
  )
  let balance = 0
  return ordered.map((entry) => {
    balance += entry.amount.minor
    return { ...entry, balance_minor: balance }
  })
}

/** Interest is realised because of what comes right after it. @param {EntryKind} kind */
function rank(kind) {
  return ['charge', 'interest', 'waiver', 'adjustment', 'payment', 'reversal'].indexOf(kind)
}

/** @param {string} a @param {string} b */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0
}

/** @param {Entry} entry */
export function isReversible(entry) {
  return REVERSIBLE.has(entry.kind) && entry.reversed_by === null
}

/**
 * One payment pays several debts with one entry each; undoing it undoes them all.
 * @param {Entry} entry
 * @param {Entry[]} entries
 */
export function siblings(entry, entries) {
  if (entry.kind !== 'payment') return [entry]
  return entries.filter(({ kind, source, reference }) => kind === 'payment'
    && source === entry.source && reference === entry.reference)
}

/**
 * What the entries of each kind come to.
 * @param {Entry[]} entries
 * @returns {{ kind: EntryKind, minor: number, count: number }[]}  Kinds without entries are left out.
 */
export function totals(entries) {
  /** @type {Map<EntryKind, { minor: number, count: number }>} */
  const sums = new Map()
  for (const { kind, amount } of entries) {
    const sum = sums.get(kind) ?? { minor: 0, count: 0 }
    sums.set(kind, { minor: sum.minor + amount.minor, count: sum.count + 1 })
  }
  /** @type {EntryKind[]} */
  const order = ['charge', 'interest', 'adjustment', 'waiver', 'payment', 'reversal']
  return order.flatMap((kind) => {
    const sum = sums.get(kind)
    return sum === undefined ? [] : [{ kind, ...sum }]
  })
}

export const COMPONENTS = /** @type {const} */ (['principal', 'interest', 'fees'])

/** @typedef {(typeof COMPONENTS)[number]} Component */

/**
 * The parts of a debt for a bar: what accrued since the last entry comes last.
 * @param {Debt} debt
 */
export function split(debt) {
  const parts = [
    { name: 'principal', minor: debt.principal.minor },
    { name: 'interest', minor: debt.interest.minor },
    { name: 'fees', minor: debt.fees.minor },
    { name: 'moratory', minor: debt.moratory.minor },
  ]
  const whole = parts.reduce((sum, { minor }) => sum + Math.max(0, minor), 0)
  return parts.map((part) => ({ ...part, share: whole > 0 ? Math.max(0, part.minor) / whole : 0 }))
}

/** Ids that Recobro makes for debts whose file has none; they mean nothing to people. */
const MADE = /^auto_/

/**
 * What people call a debt: the creditor's number; without one, what it is for.
 * @param {Pick<Debt, 'external_id' | 'product'>} debt
 */
export function debtName({ external_id: id, product }) {
  return MADE.test(id) ? product || t('case.no_number') : id
}

/** @param {Debt[]} debts @param {string | undefined} debtId */
export function debtNamed(debts, debtId) {
  const found = debts.find((debt) => debt.debt_id === debtId)
  return found === undefined ? '' : debtName(found)
}

/**
 * What a debt is for, where its name does not say so already.
 * @param {Debt} debt
 */
export function debtProduct(debt) {
  return debt.product === debtName(debt) ? '' : debt.product
}

/**
 * Debts in the order they need attention: owing first, oldest first; settled and void ones last.
 * @param {Debt[]} debts
 */
export function debtsInOrder(debts) {
  /** @param {Debt} debt */
  const place = (debt) => (debt.void ? 2 : debt.total_due.minor > 0 ? 0 : 1)
  return [...debts].sort((a, b) => place(a) - place(b) || compare(a.due_on, b.due_on) || compare(a.external_id, b.external_id))
}

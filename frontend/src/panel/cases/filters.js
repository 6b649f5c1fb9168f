// @ts-check

/**
 * What the list of cases shows, as the page's address has it: a list can be bookmarked, sent to
 * a colleague, and found again with the back button.
 */

export const SORTS = /** @type {const} */ (['due', '-balance', 'balance', 'name', 'touched'])
/** Days that are offered; the address may say any other up to `MOST_DAYS`. */
export const UNTOUCHED_DAYS = [3, 7, 15, 30, 60]
const MOST_DAYS = 365
export const STATUSES = /** @type {const} */ (['open', 'promised', 'held', 'settled'])
export const YES_NO = /** @type {const} */ (['yes', 'no'])

/**
 * @typedef {object} Filters
 * @property {string} q
 * @property {string} sort
 * @property {string} band
 * @property {string} status
 * @property {string} city
 * @property {string} tag
 * @property {string} owner  A person's id, or `none`.
 * @property {string} charged_off  `yes` or `no`.
 * @property {number | null} min  Minor units.
 * @property {number | null} max  Minor units.
 * @property {number | null} untouched_days  Owes, and nobody turned to its debtor for so long.
 */

/** @type {Filters} */
export const NO_FILTERS = {
  q: '', sort: 'due', band: '', status: '', city: '', tag: '', owner: '', charged_off: '', min: null, max: null, untouched_days: null,
}

const TEXTS = /** @type {const} */ (['q', 'band', 'status', 'city', 'tag', 'owner', 'charged_off'])

/** Filters that narrow the list, in the order they are shown. */
const NARROWING = /** @type {const} */ (['untouched_days', 'band', 'status', 'owner', 'charged_off', 'city', 'tag', 'min', 'max'])

/** @typedef {(typeof NARROWING)[number]} Narrowing */

/**
 * Whatever somebody typed into the address that makes no sense is left out, not obeyed.
 * @param {string} search  `location.search`.
 * @returns {Filters}
 */
export function readFilters(search) {
  const given = new URLSearchParams(search)
  const filters = { ...NO_FILTERS }
  for (const name of TEXTS) filters[name] = (given.get(name) ?? '').trim()
  const sort = given.get('sort') ?? ''
  if (SORTS.includes(/** @type {any} */ (sort))) filters.sort = sort
  if (!STATUSES.includes(/** @type {any} */ (filters.status))) filters.status = ''
  if (!YES_NO.includes(/** @type {any} */ (filters.charged_off))) filters.charged_off = ''
  filters.min = amount(given.get('min'))
  filters.max = amount(given.get('max'))
  const days = amount(given.get('untouched_days'))
  if (days !== null && days >= 1 && days <= MOST_DAYS) filters.untouched_days = days
  return filters
}

/** @param {string | null} text */
function amount(text) {
  if (text === null || !/^-?\d{1,15}$/.test(text)) return null
  return Number(text)
}

/**
 * @param {Filters} filters
 * @returns {Record<string, string>}  For the address; what stands at its default is left out.
 */
export function toParams(filters) {
  /** @type {Record<string, string>} */
  const params = {}
  for (const [name, value] of Object.entries(filters)) {
    const usual = NO_FILTERS[/** @type {keyof Filters} */ (name)]
    if (value !== usual && value !== null) params[name] = String(value)
  }
  return params
}

/**
 * @param {Filters} filters
 * @returns {Record<string, string | number>}  For the API; also what an export is made of.
 */
export function toQuery(filters) {
  /** @type {Record<string, string | number>} */
  const query = { sort: filters.sort }
  for (const name of TEXTS) {
    if (filters[name] !== '') query[name] = filters[name]
  }
  if (filters.min !== null) query.min_minor = filters.min
  if (filters.max !== null) query.max_minor = filters.max
  if (filters.untouched_days !== null) query.untouched_days = filters.untouched_days
  return query
}

/**
 * @param {Filters} filters
 * @returns {Narrowing[]}
 */
export function narrowing(filters) {
  return NARROWING.filter((name) => filters[name] !== '' && filters[name] !== null)
}

/** @param {Filters} filters @param {Narrowing} name @returns {Filters} */
export function without(filters, name) {
  return name === 'untouched_days' ? untouchedFor(filters, null) : { ...filters, [name]: NO_FILTERS[name] }
}

/** Who was left alone comes the longest waiting first; the order goes with the filter. @param {Filters} filters @param {number | null} days @returns {Filters} */
export function untouchedFor(filters, days) {
  const sort = days !== null ? 'touched' : filters.sort === 'touched' ? NO_FILTERS.sort : filters.sort
  return { ...filters, untouched_days: days, sort }
}

/** The same list without any narrowing; words and order stay. @param {Filters} filters */
export function widest(filters) {
  return NARROWING.reduce((wider, name) => without(wider, name), filters)
}

/** Where the amounts contradict each other nothing can be found. @param {Filters} filters */
export function isImpossible({ min, max }) {
  return min !== null && max !== null && min > max
}

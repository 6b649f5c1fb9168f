// @ts-check

/** The functions that need nothing but their arguments: the twin of `chalicelib/forms/library.py`. */

import { dateText, dateTimeText, daysOf, numberOf, textOf, timeOf, trimmed, truthOf } from './values.js'

/** @import { Value } from './values.js' */
/** @typedef {(values: Value[]) => Value} Callable */

const EARTH_RADIUS_M = 6_371_008.8
const RADIANS = Math.PI / 180
const MONTHS = /** @type {Record<string, string>} */ ({
  es: 'ene feb mar abr may jun jul ago sep oct nov dic',
  en: 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec',
  pt: 'jan fev mar abr mai jun jul ago set out nov dez',
})
/** From Thursday, the weekday of 1970-01-01. */
const DAYS = /** @type {Record<string, string>} */ ({
  es: 'jue vie sáb dom lun mar mié',
  en: 'Thu Fri Sat Sun Mon Tue Wed',
  pt: 'qui sex sáb dom seg ter qua',
})

/**
 * Write a date as *pattern* says; `%` and one letter, as ODK has them.
 * @param {Value} value
 * @param {string} pattern
 * @param {string} language
 */
export function formatted(value, pattern, language) {
  const days = numberOf(value)
  const moment = Number.isFinite(days) ? dateTimeText(days) : ''
  if (moment === '') return ''
  const known = language in MONTHS ? language : 'en'
  const weekday = ((Math.floor(days) % 7) + 7) % 7
  const parts = /** @type {Record<string, string>} */ ({
    Y: moment.slice(0, 4),
    y: moment.slice(2, 4),
    m: moment.slice(5, 7),
    n: String(Number(moment.slice(5, 7))),
    b: MONTHS[known].split(' ')[Number(moment.slice(5, 7)) - 1],
    d: moment.slice(8, 10),
    e: String(Number(moment.slice(8, 10))),
    H: moment.slice(11, 13),
    h: String(Number(moment.slice(11, 13))),
    M: moment.slice(14, 16),
    S: moment.slice(17, 19),
    3: moment.slice(20, 23),
    a: DAYS[known].split(' ')[weekday],
    '%': '%',
  })
  return pattern.replace(/%(.)/g, (whole, letter) => parts[letter] ?? whole)
}

/** @param {(...numbers: number[]) => number} of @returns {Callable} */
function counted(of) {
  return (values) => {
    const numbers = values.map(numberOf)
    return numbers.some(Number.isNaN) ? NaN : of(...numbers)
  }
}

/** @param {number} number @param {number} [digits] */
function round(number, digits = 0) {
  if (!Number.isFinite(number)) return number
  const scale = Number(`1e${Math.max(-15, Math.min(15, Math.trunc(digits)))}`)
  return Math.floor(number * scale + 0.5) / scale
}

/** @param {Value} value @returns {Value[]} */
function each(value) {
  return Array.isArray(value) ? value.map((node) => node.text()) : [value]
}

/** The numbers of all arguments, lists taken apart; blanks do not count. @param {Value[]} values */
function numbers(values) {
  return values
    .flatMap(each)
    .filter((part) => textOf(part) !== '')
    .map(numberOf)
}

/** @param {(...found: number[]) => number} of @returns {Callable} */
function extreme(of) {
  return (values) => {
    const found = numbers(values)
    return found.length === 0 || found.some(Number.isNaN) ? NaN : of(...found)
  }
}

/** Letters as people count them, not halves of them. @param {Value} value */
function letters(value) {
  return Array.from(textOf(value))
}

/** @param {Value[]} values */
function substr(values) {
  const text = letters(values[0])
  const start = index(numberOf(values[1]), text.length)
  const end = values.length > 2 ? index(numberOf(values[2]), text.length) : text.length
  return text.slice(start, Math.max(start, end)).join('')
}

/** @param {number} number @param {number} length */
function index(number, length) {
  if (Number.isNaN(number)) return 0
  const place = Math.trunc(Math.max(-1e9, Math.min(1e9, number)))
  return place < 0 ? Math.max(0, place + length) : Math.min(place, length)
}

/** @param {Value[]} values */
function substring(values) {
  const start = round(numberOf(values[1]))
  const end = values.length > 2 ? start + round(numberOf(values[2])) : Infinity
  return letters(values[0]).filter((_, at) => start <= at + 1 && at + 1 < end).join('')
}

/** @param {Value[]} values */
function translate(values) {
  const [text, old, fresh] = values.map(letters)
  return text
    .map((letter) => {
      const at = old.indexOf(letter)
      return at < 0 ? letter : (fresh[at] ?? '')
    })
    .join('')
}

/** @type {Map<string, RegExp>} */
const patterns = new Map()

/** @param {Value[]} values */
function regex(values) {
  const text = textOf(values[0])
  const pattern = textOf(values[1])
  if (letters(text).length > numberOf(values[2])) return false
  let compiled = patterns.get(pattern)
  if (compiled === undefined) {
    compiled = whole(pattern)
    patterns.set(pattern, compiled)
  }
  return compiled.test(text)
}

/** Python's dialect: ASCII spaces, any escaped sign, letters beyond the first plane. @param {string} pattern */
function whole(pattern) {
  let made = ''
  let inClass = false
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern[at]
    if (letter === '\\') {
      at += 1
      made += escaped(pattern[at], inClass)
      continue
    }
    if (letter === '[' && !inClass) inClass = true
    else if (letter === ']') inClass = false
    made += letter
  }
  try {
    return new RegExp(`^(?:${made})$`, 'u')
  } catch {
    return new RegExp(`^(?:${pattern})$`)
  }
}

/** @param {string} letter @param {boolean} inClass */
function escaped(letter, inClass) {
  if (letter === 's') return inClass ? ' \\t\\n\\r\\f\\v' : '[ \\t\\n\\r\\f\\v]'
  if (letter === 'S' && !inClass) return '[^ \\t\\n\\r\\f\\v]'
  if (/[A-Za-z0-9^$\\.*+?()[\]{}|/]/.test(letter) || (letter === '-' && inClass)) return `\\${letter}`
  return letter
}

/** @param {Value} value */
function chosen(value) {
  return textOf(value).split(/[ \t\r\n]+/).filter((name) => name !== '')
}

/** @param {Value[]} values */
function selected(values) {
  const wanted = trimmed(textOf(values[1]))
  const names = chosen(values[0])
  return wanted === '' ? names.length === 0 : names.includes(wanted)
}

/** @param {Value[]} values */
function selectedAt(values) {
  const place = numberOf(values[1])
  return (place >= 0 ? chosen(values[0])[Math.trunc(place)] : undefined) ?? ''
}

/** Places as latitude and longitude; null when one is none. @param {Value[]} values */
function placesIn(values) {
  /** @type {[number, number][]} */
  const points = []
  for (const text of values.flatMap(each).map(textOf).join(';').split(';')) {
    const parts = text.split(/\s+/).filter((part) => part !== '').map(numberOf)
    if (parts.length === 0) continue
    const [lat, lng] = parts
    if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) return null
    points.push([lat, lng])
  }
  return points
}

/** Square metres that a closed line encloses on the sphere. @param {Value[]} values */
function area(values) {
  const points = placesIn(values)
  if (points === null) return NaN
  let total = 0
  points.forEach(([lat, lng], at) => {
    const [nextLat, nextLng] = points[(at + 1) % points.length]
    const sines = Math.sin(lat * RADIANS) + Math.sin(nextLat * RADIANS)
    total += (nextLng - lng) * RADIANS * (2 + sines)
  })
  return (Math.abs(total) * EARTH_RADIUS_M * EARTH_RADIUS_M) / 2
}

/** Whether a place is inside a closed line. @param {Value[]} values */
function geofence([where, line]) {
  const place = placesIn([where])?.[0]
  const ring = placesIn([line])
  if (place === undefined || ring === null) return false
  const [lat, lng] = place
  let inside = false
  ring.forEach(([aLat, aLng], at) => {
    const [bLat, bLng] = ring[(at + ring.length - 1) % ring.length]
    if (aLat > lat !== bLat > lat && lng < ((bLng - aLng) * (lat - aLat)) / (bLat - aLat) + aLng) {
      inside = !inside
    }
  })
  return inside
}

/** Whether enough of the later values hold, and not too many. @param {Value[]} values */
function checklist([least, most, ...rest], weights = rest.map(() => 1)) {
  const [low, high] = [numberOf(least), numberOf(most)]
  let total = 0
  rest.forEach((value, at) => {
    if (truthOf(value)) total += weights[at]
  })
  return (low < 0 || total >= low) && (high < 0 || total <= high)
}

/** @param {Value[]} values */
function weighted([least, most, ...pairs]) {
  const weights = pairs.filter((_, at) => at % 2 === 1).map(numberOf)
  const flags = pairs.filter((_, at) => at % 2 === 0).slice(0, weights.length)
  return checklist([least, most, ...flags], weights)
}

/** Measure the way along points, in metres. @param {Value[]} values */
function distance(values) {
  const points = placesIn(values)
  if (points === null) return NaN
  let total = 0
  for (let at = 1; at < points.length; at += 1) total += metresBetween(points[at - 1], points[at])
  return total
}

/** @param {[number, number]} a @param {[number, number]} b  Latitude and longitude, degrees. */
export function metresBetween(a, b) {
  const half =
    Math.sin(((b[0] - a[0]) * RADIANS) / 2) ** 2 +
    Math.cos(a[0] * RADIANS) * Math.cos(b[0] * RADIANS) * Math.sin(((b[1] - a[1]) * RADIANS) / 2) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(half)))
}

/** @param {Value[]} values */
function before(values) {
  const [text, mark] = values.map(textOf)
  const at = text.indexOf(mark)
  return mark === '' || at < 0 ? '' : text.slice(0, at)
}

/** @param {Value[]} values */
function after(values) {
  const [text, mark] = values.map(textOf)
  const at = text.indexOf(mark)
  return at < 0 ? '' : text.slice(at + mark.length)
}

/** @param {Value[]} values */
function decimalTime(values) {
  const text = textOf(values[0])
  const at = text.indexOf('T')
  return timeOf((at < 0 ? '' : text.slice(at + 1)) || text)
}

/** @type {Record<string, Callable>} */
export const FUNCTIONS = {
  true: () => true,
  false: () => false,
  not: (v) => !truthOf(v[0]),
  boolean: (v) => truthOf(v[0]),
  'boolean-from-string': (v) => ['true', '1'].includes(textOf(v[0])),
  number: (v) => numberOf(v[0]),
  int: counted(Math.trunc),
  floor: counted(Math.floor),
  ceiling: counted(Math.ceil),
  round: counted(round),
  abs: counted(Math.abs),
  pow: counted((base, exponent) => (base === 0 && exponent < 0 ? Infinity : base ** exponent)),
  sqrt: counted(Math.sqrt),
  exp: counted(Math.exp),
  exp10: counted((x) => 10 ** x),
  log: counted(Math.log),
  log10: counted(Math.log10),
  sin: counted(Math.sin),
  cos: counted(Math.cos),
  tan: counted(Math.tan),
  asin: counted(Math.asin),
  acos: counted(Math.acos),
  atan: counted(Math.atan),
  atan2: counted(Math.atan2),
  pi: () => Math.PI,
  sum: (v) => numbers(v).reduce((total, number) => total + number, 0),
  min: extreme(Math.min),
  max: extreme(Math.max),
  string: (v) => textOf(v[0]),
  concat: (v) => v.flatMap(each).map(textOf).join(''),
  join: (v) => v.slice(1).flatMap(each).map(textOf).join(textOf(v[0])),
  'string-length': (v) => letters(v[0]).length,
  substr,
  substring,
  'substring-before': before,
  'substring-after': after,
  contains: (v) => textOf(v[0]).includes(textOf(v[1])),
  'starts-with': (v) => textOf(v[0]).startsWith(textOf(v[1])),
  'ends-with': (v) => textOf(v[0]).endsWith(textOf(v[1])),
  translate,
  'normalize-space': (v) => chosen(v[0]).join(' '),
  'upper-case': (v) => textOf(v[0]).toUpperCase(),
  'lower-case': (v) => textOf(v[0]).toLowerCase(),
  regex,
  selected,
  'selected-at': selectedAt,
  'count-selected': (v) => chosen(v[0]).length,
  count: (v) => (Array.isArray(v[0]) ? v[0].length : NaN),
  'count-non-empty': (v) => each(v[0]).filter((part) => textOf(part) !== '').length,
  date: (v) => (Number.isFinite(numberOf(v[0])) ? dateText(numberOf(v[0])) : ''),
  'date-time': (v) => (Number.isFinite(numberOf(v[0])) ? dateTimeText(numberOf(v[0])) : ''),
  'decimal-date-time': (v) => daysOf(textOf(v[0])),
  'decimal-time': decimalTime,
  distance,
  area,
  'enclosed-area': area,
  geofence,
  checklist: (v) => checklist(v),
  'weighted-checklist': weighted,
}

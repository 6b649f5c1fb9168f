// @ts-check

/** What a questionnaire says: its texts in the language chosen, and the marks authors put in them. */

import { t } from '../i18n.js'
import { html } from '../view.js'

/** @import { Content } from '../view.js' */
/** @import { Filling } from './filling.js' */
/** @import { Texts } from './form' */
/** @import { Node } from './tree.js' */

const TAGS = /<br\s*\/?>|<\/?[a-z][^>]*>/gi
const MARKS = /\*\*(.+?)\*\*|__(.+?)__|\*(\S[^*\n]*?)\*|\[([^\]\n]+)\]\((https?:[^)\s]+)\)/g

/**
 * A text in *language*, else in the form's own, else in any.
 * @param {Filling} filling
 * @param {Texts | undefined} texts
 * @param {Node} node
 * @param {string} language
 */
export function said(filling, texts, node, language) {
  const text = texts?.[language] ?? texts?.[filling.form.default_language] ?? Object.values(texts ?? {})[0]
  return text === undefined ? '' : filling.words(text, node)
}

/**
 * The marks of XLSForm's texts: bold, italics, links; headings and other markup become plain.
 * @param {string} text
 * @returns {Content[]}
 */
export function marked(text) {
  const plain = text.replace(TAGS, (tag) => (/^<br/i.test(tag) ? '\n' : '')).replace(/^#{1,6}\s+/gm, '')
  /** @type {Content[]} */
  const found = []
  let at = 0
  for (const match of plain.matchAll(MARKS)) {
    const [whole, stars, lines, star, words, url] = match
    found.push(plain.slice(at, match.index))
    if (url !== undefined) found.push(html`<a href=${url} target="_blank" rel="noopener noreferrer">${words}</a>`)
    else found.push(star === undefined ? html`<strong>${stars ?? lines}</strong>` : html`<em>${star}</em>`)
    at = match.index + whole.length
  }
  found.push(plain.slice(at))
  return found.filter((part) => part !== '')
}

/** A language's name in that language. @param {string} code */
export function languageName(code) {
  if (code === 'default') return t('filling.original')
  try {
    const name = new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code
    return name.charAt(0).toLocaleUpperCase(code) + name.slice(1)
  } catch {
    return code.charAt(0).toUpperCase() + code.slice(1)
  }
}

/** A language as HTML names it; undefined for what authors call languages otherwise. @param {string} code */
export function langOf(code) {
  return /^[a-z]{2,3}(-[a-z]{2,4})?$/.test(code) ? code : undefined
}

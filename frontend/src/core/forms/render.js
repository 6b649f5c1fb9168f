// @ts-check

/**
 * A questionnaire on the screen: every question that is asked, in the language chosen, with what
 * is wrong beside it. The phone's visit and the panel's preview use it alike; `docs/forms.md`
 * shows how. Answers are kept by whoever mounts it: `onChange` is called on each change.
 */

import { t, tn } from '../i18n.js'
import { html, live, mountView, nothing, repeat } from '../view.js'
import { Filling } from './filling.js'
import { control, isOneField } from './render-controls.js'
import { languageName, langOf, marked, said } from './render-words.js'

/** @import { Answers } from './filling.js' */
/** @import { Form, Problem, Surroundings } from './form' */
/** @import { Sheet } from './render-controls.js' */
/** @import { Node } from './tree.js' */

/** @typedef {'photo' | 'signature' | 'drawing' | 'audio' | 'video' | 'file'} FileKind */
/** @typedef {{ lat: number, lng: number, accuracy_m: number, altitude_m?: number | null }} Fix */

/**
 * What the device does for the form. Each may be left out; its questions then say that they
 * cannot be answered here.
 * @typedef {object} Hooks
 * @property {FileKind[]} [kinds]  Files that `take` can make; photo, signature and drawing when left out.
 * @property {(kind: FileKind, question: { path: string, name: string }) => Promise<string | null>} [take]
 *   Take or draw it and keep it; gives the file's name (letters, digits, `_.-`), null when the agent turned back.
 * @property {(name: string) => Promise<string | null>} [show]  A URL for a file that was kept.
 * @property {() => Promise<Fix>} [locate]  Where the phone is; the browser's own position when left out.
 * @property {() => Promise<string | null>} [scan]  Read a bar code; the browser's own reader when left out.
 */

/** @typedef {{ answered: number, asked: number, wrong: number }} Progress */

/**
 * @typedef {object} FormView
 * @property {Filling} filling
 * @property {() => Answers} answers  What is to be kept and sent.
 * @property {() => Problem[]} problems
 * @property {() => Progress} progress
 * @property {() => boolean} check  Show everything that is wrong and go to the first; true when nothing is.
 * @property {(code: string) => void} setLanguage
 * @property {() => void} close  Take it off the screen.
 */

const HOLDERS = new Set(['group', 'repeat'])
const UNSEEN = new Set(['calculate', 'hidden', 'metadata'])
const CHOICES = new Set(['select_one', 'select_multiple', 'rank'])

let mounted = 0

/**
 * @param {HTMLElement} root
 * @param {object} facts
 * @param {Form} facts.form  Compiled.
 * @param {Answers | null} [facts.answers]  As `onChange` gave them, to go on; null begins anew.
 * @param {Surroundings} facts.surroundings
 * @param {string} [facts.language]  The form's own when it does not have this one.
 * @param {Hooks} [facts.hooks]
 * @param {(answers: Answers, progress: Progress) => void} [facts.onChange]
 * @param {() => void} [facts.onFinish]  The agent pressed "finish" and nothing is wrong.
 * @param {(code: string) => void} [facts.onLanguage]
 * @returns {FormView}
 */
export function mountForm(root, { form, answers = null, surroundings, language, hooks = {}, onChange, onFinish, onLanguage }) {
  const prefix = `ask${++mounted}`
  const chosen = language !== undefined && form.languages.includes(language) ? language : form.default_language
  const world = { ...surroundings, language: chosen }
  const filling = answers === null ? Filling.begin(form, world) : new Filling(form, answers, world)
  /** Questions whose error may be shown: the agent has left them, or asked for all. @type {Set<Node>} */
  const told = new Set()
  let closed = false

  /** @type {Sheet} */
  const sheet = {
    filling,
    language: chosen,
    hooks,
    id: (node) => `${prefix}-${node.path().replace(/[^\w-]+/g, '_')}`,
    described: (node) => {
      const ids = [hintOf(node) && `${sheet.id(node)}-hint`, sheet.bad(node) && `${sheet.id(node)}-error`].filter(Boolean).join(' ')
      return ids === '' ? nothing : ids
    },
    bad: (node) => told.has(node) && isWrong(node),
    answer,
    leave: (node) => {
      told.add(node)
      sheet.paint()
    },
    typed: new Map(),
    sought: new Map(),
    failed: new Set(),
    busy: new Set(),
    urlOf,
    paint: () => {
      if (!closed) view.update()
    },
  }

  /** URLs of files by name; null while one is looked for. @type {Map<string, string | null>} */
  const urls = new Map()

  /** @param {string} name */
  function urlOf(name) {
    if (!urls.has(name) && hooks.show) {
      urls.set(name, null)
      hooks.show(name).then((url) => {
        urls.set(name, url)
        sheet.paint()
      }, () => {})
    }
    return urls.get(name) ?? undefined
  }

  /** @param {Node} node @param {string} value */
  function answer(node, value) {
    filling.set(node, value)
    dropLost(filling)
    if (CHOICES.has(node.item.kind ?? '') || value === '') told.delete(node)
    changed()
  }

  function changed() {
    onChange?.(filling.answers(), progress())
    sheet.paint()
  }

  /**
   * What is wrong with what is asked. An answer to what is no longer asked stays, in case the
   * agent goes back, and is neither kept nor sent: it is no fault.
   */
  function problems() {
    return filling.root.walk().filter(isWrong).map((node) => ({ question: node.name, path: node.path(), code: filling.wrong(node) ?? '' }))
  }

  /** @param {Node} node */
  function isWrong(node) {
    return node.asked() && filling.wrong(node) !== null
  }

  /** @returns {Progress} */
  function progress() {
    const asked = filling.root.walk().filter(isAsked)
    return { asked: asked.length, answered: asked.filter((node) => node.value !== '').length, wrong: problems().length }
  }

  /** @param {Node} node */
  const hintOf = (node) => said(filling, node.item.hint, node, sheet.language)

  /** @param {Node} node */
  function errorOf(node) {
    const code = filling.wrong(node)
    const own = code === 'question.required' ? node.item.required_message : code === 'question.constraint' ? node.item.constraint_message : undefined
    return said(filling, own, node, sheet.language) || t(code ?? '')
  }

  /** @param {Node} node @returns {unknown} */
  function question(node) {
    const { item } = node
    if (UNSEEN.has(item.kind ?? '') || !node.asked()) return nothing
    const label = said(filling, item.label, node, sheet.language)
    // A row of headings above a table of choices: on a phone, only its words.
    if (item.kind === 'note' || item.appearance?.includes('label')) return label === '' ? nothing : html`<p class="ask-note">${marked(label)}</p>`
    const id = sheet.id(node)
    const hint = hintOf(node)
    const guidance = said(filling, item.guidance, node, sheet.language)
    const bad = sheet.bad(node)
    const title = html`${marked(label || node.name)}${filling.required(node) ? html` <span class="ask-required"><span aria-hidden="true">*</span><span class="visually-hidden">${t('filling.required')}</span></span>` : nothing}`
    const inside = html`${hint ? html`<p class="hint" id="${id}-hint">${marked(hint)}</p>` : nothing}
      ${guidance ? html`<details class="hint"><summary>${t('filling.guidance')}</summary>${marked(guidance)}</details>` : nothing}
      ${control(node, sheet)}
      ${bad ? html`<p class="field-error" id="${id}-error" role="alert">${errorOf(node)}</p>` : nothing}`
    const looks = `ask ${bad ? 'ask-bad' : ''}`
    if (isOneField(node) || item.read_only || item.calculate) {
      return html`<div class=${looks}><label class="ask-label" for=${id}>${title}</label>${inside}</div>`
    }
    return html`<fieldset class=${looks} aria-describedby=${sheet.described(node)}><legend class="ask-label">${title}</legend>${inside}</fieldset>`
  }

  /** @param {Node} holder @param {number} depth @returns {unknown} */
  function inside(holder, depth) {
    return (holder.item.items ?? []).map((item) => {
      if (item.kind === 'repeat') return repeated(holder, item, depth)
      const [node] = holder.named(item.name)
      return item.kind === 'group' ? group(node, depth) : question(node)
    })
  }

  /** @param {Node} node @param {number} depth */
  function group(node, depth) {
    if (!node.asked() || !hasSeen(node)) return nothing
    const label = said(filling, node.item.label, node, sheet.language)
    if (label === '') return inside(node, depth)
    return html`<section class="ask-group" aria-label=${label}>${heading(depth, marked(label))}${inside(node, depth + 1)}</section>`
  }

  /** @param {Node} holder @param {import('./form').Item} item @param {number} depth */
  function repeated(holder, item, depth) {
    if (!holder.asked()) return nothing
    const nodes = holder.named(item.name).filter((node) => node.asked())
    const label = said(filling, item.label, holder, sheet.language) || item.name
    if (item.count && nodes.length === 0) return nothing
    return html`<section class="ask-group" aria-label=${label}>
      ${repeat(nodes, (node) => node, (node) => html`<section class="ask-instance" aria-label="${label} ${node.place()}">
        <div class="ask-instance-head">${heading(depth, html`${marked(label)} ${node.place()}`)}
          ${item.count ? nothing : html`<button type="button" class="button button-quiet button-small" @click=${() => {
            filling.remove(node)
            changed()
          }}>${t('filling.remove')}</button>`}</div>
        ${sheet.bad(node) ? html`<p class="field-error" role="alert">${errorOf(node)}</p>` : nothing}
        ${inside(node, depth + 1)}</section>`)}
      ${item.count ? nothing : html`<button type="button" class="button ask-act" @click=${() => {
        filling.add(holder, item.name)
        changed()
      }}>${t('filling.add', { what: label })}</button>`}
    </section>`
  }

  function languageSwitch() {
    if (form.languages.length < 2) return nothing
    return html`<label class="ask-language"><span>${t('filling.language')}</span><select
      @change=${(/** @type {any} */ event) => setLanguage(event.target.value)}>${form.languages.map((code) => html`<option value=${code}
        lang=${langOf(code) ?? nothing} .selected=${live(code === sheet.language)}>${languageName(code)}</option>`)}</select></label>`
  }

  function bar() {
    const { asked, answered, wrong } = progress()
    const last = wrong === 0
    return html`<div class="ask-bar">
      <div class="ask-progress"><progress max=${Math.max(asked, 1)} value=${answered} aria-label=${t('filling.progress')}></progress>
        <p role="status">${t('filling.answered', { n: answered, of: asked })}${wrong > 0 ? html` · ${tn('filling.wrong', wrong)}` : nothing}</p></div>
      ${last && !onFinish ? nothing : html`<button type="button" class="button button-primary" @click=${next}>${last ? t('filling.finish') : t('filling.next')}</button>`}
    </div>`
  }

  /** Go to the next question that cannot stay as it is; finish when there is none. */
  function next() {
    const nodes = filling.root.walk().filter(isWrong)
    if (nodes.length === 0) return onFinish?.()
    const focused = document.activeElement?.closest('.ask')?.querySelector('[id]')?.id
    const order = filling.root.walk()
    const at = order.findIndex((node) => !HOLDERS.has(node.item.kind ?? '') && sheet.id(node) === focused)
    const found = nodes.find((node) => order.indexOf(node) > at) ?? nodes[0]
    told.add(found)
    for (const node of nodes) if (order.indexOf(node) <= at) told.add(node)
    return focus(found)
  }

  /** @param {Node} node */
  function focus(node) {
    view.now()
    const target = root.querySelector(`#${CSS.escape(sheet.id(node))}`)
    if (!(target instanceof HTMLElement)) return
    target.closest('.ask')?.scrollIntoView({ block: 'center' })
    target.focus({ preventScroll: true })
  }

  function check() {
    const wrong = filling.root.walk().filter(isWrong)
    for (const node of wrong) told.add(node)
    view.now()
    if (wrong.length > 0) focus(wrong[0])
    return wrong.length === 0
  }

  /** @param {string} code */
  function setLanguage(code) {
    if (code === sheet.language || !form.languages.includes(code)) return
    sheet.language = code
    world.language = code
    filling.settle()
    onLanguage?.(code)
    changed()
  }

  const view = mountView(root, () => html`<div class="questionnaire" lang=${langOf(sheet.language) ?? nothing}>
    ${languageSwitch()}${inside(filling.root, 0)}${bar()}</div>`)

  return {
    filling,
    answers: () => filling.answers(),
    problems,
    progress,
    check,
    setLanguage,
    close: () => {
      closed = true
      root.replaceChildren()
    },
  }
}

/** A question that waits for the agent. @param {Node} node */
function isAsked(node) {
  const { kind = '', calculate, read_only: fixed } = node.item
  return !HOLDERS.has(kind) && !UNSEEN.has(kind) && kind !== 'note' && !calculate && !fixed && node.asked() && node.parent !== null
}

/** Whether anything of a group is to be seen. @param {Node} node @returns {boolean} */
function hasSeen(node) {
  return (node.item.items ?? []).some((item) => {
    if (item.kind === 'repeat') return true
    const [child] = node.named(item.name)
    return item.kind === 'group' ? hasSeen(child) : child.relevant && !UNSEEN.has(item.kind)
  })
}

/** Take back choices that the answers before them no longer leave. @param {Filling} filling */
function dropLost(filling) {
  for (let rounds = 0; rounds < 10; rounds += 1) {
    const lost = filling.root.walk().find((node) => node.value !== '' && (node.item.filter || node.item.list_from) && node.asked() && left(filling, node) !== node.value)
    if (lost === undefined) return
    filling.set(lost, left(filling, lost))
  }
}

/** @param {Filling} filling @param {Node} node */
function left(filling, node) {
  if (node.item.calculate) return node.value
  const names = new Set(filling.choices(node).map((choice) => choice.name))
  if (node.item.kind === 'select_one') return names.has(node.value) ? node.value : ''
  return node.value.split(' ').filter((name) => names.has(name)).join(' ')
}

/** @param {number} depth @param {unknown} words */
function heading(depth, words) {
  if (depth === 0) return html`<h2>${words}</h2>`
  return depth === 1 ? html`<h3>${words}</h3>` : html`<h4>${words}</h4>`
}

// @ts-check

/** The dialogs in which a request by law is taken in, and taken a step on. */

/** @import { Api } from '../../core/api.js' */
/** @import { Form } from '../../core/form.js' */
/** @import { RequestKind, RequestPage } from './contract.js' */

import { t } from '../../core/i18n.js'
import { radioField, selectField, textArea, textField } from '../../core/ui/fields.js'
import { openForm } from '../../core/ui/form-dialog.js'
import { banner } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'
import { PROOFS, WAYS } from './words.js'

const MAX_WORDS = 2000
const MAX_NAME = 120
const GROUNDS = ['debt_in_force', 'law_keeps', 'not_held', 'not_proven', 'others', 'repeated']

/** @param {string} value @param {string} [error] */
export const needed = (value, error = 'words') => (value.trim() === '' ? t(`requests.error.${error}`) : null)

/**
 * Take a request in, of a case or of somebody who is named.
 *
 * @param {{ api: Api, portfolioId: string, caseId?: string, kinds: RequestKind[], today: string }} scene
 * @returns {Promise<RequestPage | undefined>}
 */
export function newDialog({ api, portfolioId, caseId, kinds, today }) {
  return openForm({
    title: t('requests.new_title'), submit: t('requests.new_submit'),
    values: { kind: /** @type {string} */ (kinds[0]), way: 'email', received_on: today, name: '', words: '', reply_to: '', proof: '' },
    check: ({ name, received_on: on }) => ({
      name: caseId === undefined ? needed(name, 'name') : null, received_on: on === '' ? t('requests.error.day') : null,
    }),
    send: (given, key) => api.post(`/portfolios/${encodeURIComponent(portfolioId)}/data-requests`, {
      kind: given.kind, way: given.way, received_on: given.received_on, case_ids: caseId === undefined ? [] : [caseId],
      name: given.name.trim(), words: given.words.trim(), reply_to: given.reply_to.trim(), proof: given.proof || null,
    }, { key }),
    fields: (form) => html`<p class="muted">${t('requests.new_lead')}</p>
      ${select(form, 'kind', kinds, 'kind')}
      ${caseId === undefined ? textField({ name: 'name', label: t('requests.who'), hint: t('requests.who_hint'), required: true, maxlength: MAX_NAME, value: form.values.name, error: form.errors.name, onInput: (value) => form.set('name', value) }) : nothing}
      ${select(form, 'way', WAYS, 'way')}
      ${textField({ name: 'received_on', label: t('requests.received'), hint: t('requests.received_hint'), type: 'date', max: today, required: true, value: form.values.received_on, error: form.errors.received_on, onInput: (value) => form.set('received_on', value) })}
      ${area(form, 'words', t('requests.words'))}
      ${textField({ name: 'reply_to', label: t('requests.reply_to'), hint: t('requests.reply_to_hint'), maxlength: MAX_NAME, value: form.values.reply_to, error: form.errors.reply_to, onInput: (value) => form.set('reply_to', value) })}
      ${selectField({ name: 'proof', label: t('requests.proof'), value: form.values.proof, options: [{ value: '', label: t('requests.proof_none') }, ...PROOFS.map((value) => ({ value, label: t(`requests.proof.${value}`) }))], onInput: (value) => form.set('proof', value) })}`,
  })
}

/**
 * @typedef {{ api: Api, path: string, request: RequestPage }} Scene
 */

/** @param {Scene} scene @param {Record<string, unknown>} body */
export function act({ api, path, request }, body) {
  return api.patch(path, { version: request.version, ...body })
}

/** @param {Scene} scene */
export function identifyDialog(scene) {
  return openForm({
    title: t('requests.identify'), submit: t('requests.save'), values: { proof: 'document', note: '' },
    send: ({ proof, note }) => act(scene, { act: 'identify', proof, note: note.trim() }),
    fields: (form) => html`${radioField({ name: 'proof', label: t('requests.proof'), value: form.values.proof, options: PROOFS.map((value) => ({ value, label: t(`requests.proof.${value}`) })), onInput: (value) => form.set('proof', value) })}
      ${area(form, 'note', t('requests.note'))}`,
  })
}

/**
 * What wants nothing but words: asking who it is, more time, that it was done.
 * @param {Scene} scene @param {'want_identity' | 'extend' | 'carry_out'} what
 */
export function noteDialog(scene, what) {
  return openForm({
    title: t(`requests.${what}`), submit: t('requests.save'), values: { note: '' },
    check: ({ note }) => ({ note: needed(note) }),
    send: ({ note }) => act(scene, { act: what, note: note.trim() }),
    fields: (form) => html`<p class="muted">${t(`requests.${what}_lead`)}</p>${area(form, 'note', t('requests.note'), true)}`,
  })
}

/** @param {Scene} scene */
export function giveDialog(scene, /** @type {{ person_id: string, name: string }[]} */ people) {
  return openForm({
    title: t('requests.give'), submit: t('requests.save'), values: { owner: scene.request.owner?.id ?? '' },
    send: ({ owner }) => act(scene, { act: 'give', owner }),
    fields: (form) => selectField({ name: 'owner', label: t('requests.owner'), value: form.values.owner, options: [{ value: '', label: t('requests.no_owner') }, ...people.map(({ person_id: value, name: label }) => ({ value, label }))], onInput: (value) => form.set('owner', value) }),
  })
}

/** @param {Scene} scene @param {boolean} [restricts]  What is proposed is to keep the data apart. */
export function answerDialog(scene, restricts = false) {
  const { request } = scene
  const erasure = request.kind === 'erasure'
  // What is owed keeps the data needed: the law lets erasure wait, so that is what is proposed.
  const waits = erasure && (restricts || request.in_force)
  const verdicts = restricts ? ['restricted'] : ['granted', 'partly', ...(erasure ? ['restricted'] : []), 'refused']
  return openForm({
    title: t('requests.answer'), submit: t('requests.answer_submit'),
    values: { verdict: waits ? 'restricted' : 'granted', ground: waits ? 'debt_in_force' : 'law_keeps', article: waits ? request.keeps.article : request.term.article, text: '' },
    check: ({ text }) => ({ text: needed(text, 'text') }),
    send: ({ verdict, ground, article, text }) => act(scene, { act: 'answer', verdict, ground: verdict === 'granted' ? null : ground, article: article.trim(), text: text.trim() }),
    fields: (form) => html`
      ${erasure && request.in_force ? banner({ tone: 'warn', title: t('requests.in_force'), body: t(request.keeps.article ? 'requests.in_force_body' : 'requests.in_force_bare', { article: request.keeps.article }) }) : nothing}
      ${radioField({ name: 'verdict', label: t('requests.verdict'), value: form.values.verdict, options: verdicts.map((value) => ({ value, label: t(`requests.verdict.${value}`), hint: t(`requests.verdict_hint.${value}`) })), onInput: (value) => form.set('verdict', value) })}
      ${form.values.verdict === 'granted' ? nothing : select(form, 'ground', GROUNDS, 'ground')}
      ${textField({ name: 'article', label: t('requests.article'), hint: t('requests.article_hint'), maxlength: MAX_NAME, value: form.values.article, error: form.errors.article, onInput: (value) => form.set('article', value) })}
      ${area(form, 'text', t('requests.text'), true, t('requests.text_hint'))}`,
  })
}

/** @param {Form<any>} form @param {string} name @param {readonly string[]} values @param {string} words */
function select(form, name, values, words) {
  return selectField({ name, label: t(`requests.${words}`), required: true, value: form.values[name], error: form.errors[name], options: values.map((value) => ({ value, label: t(`requests.${words}.${value}`) })), onInput: (value) => form.set(name, value) })
}

/** @param {Form<any>} form @param {string} name @param {string} label @param {boolean} [required] @param {string} [hint] @param {number} [maxlength] */
export function area(form, name, label, required = false, hint = undefined, maxlength = MAX_WORDS) {
  return textArea({ name, label, hint, rows: 4, maxlength, required, value: form.values[name], error: form.errors[name], onInput: (value) => form.set(name, value) })
}

// @ts-check

/** Small pieces that pages are put together from. Each is a function from facts to a template. */

import { t } from '../i18n.js'
import { html, nothing } from '../view.js'
import { icon } from './icons.js'

/** @import { IconName } from './icons.js' */
/** @import { Content } from '../view.js' */
/** @import { Problem } from '../problem.js' */

/** @typedef {'neutral' | 'good' | 'warn' | 'bad' | 'info' | 'brand'} Tone */

/**
 * A state in one word.
 * @param {string} label
 * @param {Tone} [tone]
 */
export function badge(label, tone = 'neutral') {
  return html`<span class="badge badge-${tone}">${label}</span>`
}

/**
 * The top of a page: where we are, and what can be done here.
 * @param {{ title: Content, lead?: Content, back?: { href: string, label: string }, actions?: Content }} facts
 */
export function pageHead({ title, lead, back, actions }) {
  return html`<div class="page-head">
    <div class="page-head-words">
      ${back ? html`<a class="back-link" href=${back.href}>${icon('back')}${back.label}</a>` : nothing}
      <h1 tabindex="-1">${title}</h1>
      ${lead ? html`<p class="lead">${lead}</p>` : nothing}
    </div>
    ${actions ? html`<div class="page-head-actions">${actions}</div>` : nothing}
  </div>`
}

/**
 * A titled panel. `id` makes it a target for links and for section navigation.
 * @param {{ title?: Content, lead?: Content, actions?: Content, body: Content, id?: string, tone?: string }} facts
 */
export function card({ title, lead, actions, body, id, tone }) {
  return html`<section class="card ${tone ? `card-${tone}` : ''}" id=${id ?? nothing} aria-labelledby=${id && title ? `${id}-title` : nothing}>
    ${title || actions
      ? html`<header class="card-head">
          <div>
            ${title ? html`<h2 id=${id ? `${id}-title` : nothing}>${title}</h2>` : nothing}
            ${lead ? html`<p class="muted">${lead}</p>` : nothing}
          </div>
          ${actions ? html`<div class="card-actions">${actions}</div>` : nothing}
        </header>`
      : nothing}
    ${body}
  </section>`
}

/**
 * One figure. `exact` is the full figure where `value` is shortened; it is read out instead.
 * @param {{ label: Content, value: Content, exact?: string, note?: Content, tone?: Tone, href?: string }} facts
 */
export function kpi({ label, value, exact, note, tone = 'neutral', href }) {
  const figure = exact === undefined
    ? html`<span>${value}</span>`
    : html`<span aria-hidden="true" title=${exact}>${value}</span><span class="visually-hidden">${exact}</span>`
  return html`<div class="kpi kpi-${tone}">
    <p class="kpi-label">${href ? html`<a href=${href}>${label}</a>` : label}</p>
    <p class="kpi-value">${figure}</p>
    ${note ? html`<p class="kpi-note">${note}</p>` : nothing}
  </div>`
}

/**
 * What to say where there is nothing yet: why it is empty, and the next step.
 * @param {{ icon?: IconName, title: Content, body?: Content, steps?: Content[], actions?: Content }} facts
 */
export function emptyState({ icon: name = 'info', title, body, steps = [], actions }) {
  return html`<div class="empty">
    <span class="empty-icon">${icon(name)}</span>
    <h2>${title}</h2>
    ${body ? html`<p>${body}</p>` : nothing}
    ${steps.length > 0 ? html`<ol class="empty-steps">${steps.map((step) => html`<li>${step}</li>`)}</ol>` : nothing}
    ${actions ? html`<div class="button-row">${actions}</div>` : nothing}
  </div>`
}

/**
 * A message that stays where it is until the cause is gone.
 * @param {{ tone?: Tone, title?: Content, body?: Content, actions?: Content }} facts
 */
export function banner({ tone = 'info', title, body, actions }) {
  const name = tone === 'good' ? 'check' : tone === 'info' ? 'info' : 'warning'
  return html`<div class="banner banner-${tone}" role=${tone === 'bad' ? 'alert' : 'status'}>
    ${icon(name)}
    <div class="banner-words">${title ? html`<strong>${title}</strong>` : nothing}${body ? html`<div>${body}</div>` : nothing}</div>
    ${actions ? html`<div class="banner-actions">${actions}</div>` : nothing}
  </div>`
}

/**
 * A problem of the API with its text, and what to quote to support when there is an id. What got no
 * answer is asked again by itself once the network is back (`askAgain`).
 * @param {Problem} problem
 * @param {() => void} [retry]
 */
export function problemBanner(problem, retry) {
  return banner({
    tone: 'bad',
    title: problem.text,
    body: problem.requestId && problem.status >= 500 ? html`<small>${t('common.request_id', { id: problem.requestId })}</small>` : nothing,
    actions: retry ? html`<button type="button" class="button button-small" data-again=${problem.code === 'network.unreachable' ? '' : nothing} @click=${retry}>${t('common.retry')}</button>` : nothing,
  })
}

/** Ask again for all that is shown to have had no answer. */
export function askAgain() {
  for (const button of document.querySelectorAll('[data-again]')) /** @type {HTMLElement} */ (button).click()
}

/**
 * Grey shapes while the first answer is on its way.
 * @param {number} [lines]
 */
export function skeleton(lines = 4) {
  return html`<div class="skeleton" aria-busy="true"><span class="visually-hidden">${t('common.loading')}</span>
    ${Array.from({ length: lines }, () => html`<div class="skeleton-line"></div>`)}
  </div>`
}

/**
 * Facts in pairs.
 * @param {[Content, Content][]} pairs  Pairs without a value are left out.
 */
export function facts(pairs) {
  return html`<dl class="facts">${pairs
    .filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== nothing)
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

/**
 * Links within one page, the current one marked.
 * @param {string} label
 * @param {{ key: string, label: Content, href: string, count?: Content }[]} items
 * @param {string} current
 * @param {(key: string, event: Event) => void} [onPick]  For pages that switch without loading.
 */
export function tabs(label, items, current, onPick) {
  return html`<nav class="tabs" aria-label=${label}>${items.map((item) => html`<a
    href=${item.href} aria-current=${item.key === current ? 'page' : nothing}
    @click=${onPick ? (/** @type {Event} */ event) => onPick(item.key, event) : nothing}>${item.label}${item.count !== undefined ? html` <span class="tab-count">${item.count}</span>` : nothing}</a>`)}</nav>`
}

/**
 * Older and newer by cursor: nobody knows the number of pages, so none is shown.
 * @param {{ shown: number, busy: boolean, more: boolean, onMore: () => void }} facts
 */
export function pager({ shown, busy, more, onMore }) {
  return html`<div class="pager">
    <p class="muted" role="status">${t('common.shown', { n: shown })}</p>
    ${more
      ? html`<button type="button" class="button" ?disabled=${busy} @click=${onMore}>${busy ? t('common.loading') : t('common.more')}</button>`
      : nothing}
  </div>`
}

/**
 * Progress of known or unknown length.
 * @param {{ value: number, max: number | null, label: string }} facts
 */
export function progress({ value, max, label }) {
  return html`<progress class="progress" aria-label=${label} value=${max === null ? nothing : value} max=${max ?? nothing}></progress>`
}

/** @param {() => string} text  Read when pressed. @param {string} [label] */
export function copyButton(text, label = t('common.copy')) {
  /** @param {Event} event */
  const copy = async (event) => {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget)
    await navigator.clipboard.writeText(text())
    button.dataset.done = t('common.copied')
    setTimeout(() => delete button.dataset.done, 2000)
  }
  return html`<button type="button" class="button button-small copy-button" @click=${copy}>${icon('copy')}<span>${label}</span></button>`
}

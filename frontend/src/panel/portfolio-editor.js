// @ts-check

/** One portfolio: its sections, one bar to save them all, and what happens when two people save. */

import { Form, focusFirstError } from '../core/form.js'
import { localeFor, t, tn } from '../core/i18n.js'
import { pathTo } from '../core/paths.js'
import { confirmDialog } from '../core/ui/dialog.js'
import { icon } from '../core/ui/icons.js'
import { badge, banner, card, pageHead, problemBanner } from '../core/ui/pieces.js'
import { toast } from '../core/ui/toast.js'
import { html, mountView, nothing } from '../core/view.js'
import { contiguous } from './bands.js'
import { Drafts } from './drafts.js'
import { agreementsSection } from './portfolio-agreements.js'
import { limitErrors } from './agreements/limits.js'
import { bandsSection, bandErrors } from './portfolio-bands.js'
import { callFaults, callsSaved, callsSection } from './portfolio-calls.js'
import { brandingSection } from './portfolio-branding.js'
import { costsSection } from './portfolio-costs.js'
import { identificationSection } from './portfolio-identification.js'
import { allocationSection, fieldSection, generalSection, interestSection, limitsSection, retentionSection } from './portfolio-sections.js'
import { officeSection } from './portfolio-office.js'
import { accessSection } from './portfolio-access.js'
import { paymentsSection } from './portfolio-payments.js'
import { guardLeaving } from './shell.js'

/** @import { Country, Portfolio } from '../core/contract.js' */
/** @import { Context } from './shell.js' */

/**
 * @typedef {object} Editor  What a section works with.
 * @property {Form<Portfolio>} form
 * @property {Drafts} drafts  Numbers while they are being typed.
 * @property {string} locale
 * @property {Country | undefined} country
 * @property {Context['api']} api
 * @property {Context['me']} me
 * @property {() => void} paint
 */

/** @type {Record<string, (editor: Editor) => unknown>} */
const SECTIONS = {
  general: generalSection,
  branding: brandingSection,
  identification: identificationSection,
  bands: bandsSection,
  allocation: allocationSection,
  interest: interestSection,
  agreements: agreementsSection,
  limits: limitsSection,
  calls: callsSection,
  office: officeSection,
  field: fieldSection,
  costs: costsSection,
  retention: retentionSection,
  payments: paymentsSection,
  access: accessSection,
}

/** What a person may change, as the API takes it. */
const CHANGEABLE = /** @type {const} */ (['name', 'creditor', 'time_zone', 'language', 'branding', 'identification', 'policies', 'archived'])

/**
 * @param {Context} context
 * @param {string} id
 */
export async function editPortfolio({ root, api, me, params, setTitle }, id) {
  const path = `/portfolios/${encodeURIComponent(id)}`
  const [portfolio, countries] = await Promise.all([api.get(path), api.get('/countries')])
  const form = /** @type {Form<Portfolio>} */ (new Form(portfolio, () => view.update()))
  const drafts = new Drafts(() => view.update())
  /** @type {Editor} */
  const editor = {
    form, drafts, api, me,
    locale: localeFor(portfolio.country),
    country: countries.items.find((/** @type {Country} */ each) => each.code === portfolio.country),
    paint: () => view.update(),
  }
  let moved = false
  const isNew = params.get('nueva') === '1'
  guardLeaving(() => form.dirty && !form.busy)
  setTitle(portfolio.name)
  const view = mountView(root, () => page())
  // Sections and fields are drawn after the browser looked for the one that the address names.
  const named = document.getElementById(window.location.hash.slice(1))
  named?.scrollIntoView()
  named?.focus()
  markSectionInView(root)

  /** @param {SubmitEvent} event */
  async function save(event) {
    event.preventDefault()
    moved = false
    form.change((values) => { values.policies.bands = contiguous(values.policies.bands) })
    const saved = await form.submit(
      (values) => api.patch(path, {
        version: values.version,
        ...Object.fromEntries(CHANGEABLE.map((name) => [name, values[name]])),
      }),
      (values) => ({
        ...drafts.errors(),
        ...callFaults(),
        ...bandErrors(values.policies.bands),
        ...limitErrors(values.policies.agreements, 'policies.agreements'),
        name: values.name.trim() === '' ? t('common.field_required') : null,
        creditor: values.creditor.trim() === '' ? t('common.field_required') : null,
        'branding.display_name': values.branding.display_name.trim() === '' ? t('common.field_required') : null,
      }),
    )
    if (form.problem?.code === 'portfolio.moved') {
      moved = true
      form.problem = null
    }
    if (saved === undefined) {
      if (Object.keys(form.errors).length > 0) focusFirstError()
      return view.update()
    }
    drafts.clear()
    form.reset({ ...form.values, ...saved })
    setTitle(saved.name)
    callsSaved()
    toast(t('common.saved'))
  }

  async function takeTheirs() {
    const agreed = !form.dirty || await confirmDialog({
      title: t('portfolios.moved_title'), body: html`<p>${t('portfolios.moved_discard')}</p>`, confirm: t('portfolios.moved_load'), danger: true,
    })
    if (!agreed) return
    const fresh = await api.get(path)
    moved = false
    drafts.clear()
    form.reset(fresh)
  }

  async function discard() {
    const agreed = await confirmDialog({ title: t('portfolios.discard_title'), body: html`<p>${t('portfolios.discard_body')}</p>`, confirm: t('portfolios.discard'), danger: true })
    if (!agreed) return
    drafts.clear()
    form.revert()
  }

  function page() {
    const { values } = form
    return html`${pageHead({
        title: html`${values.name} ${values.archived ? badge(t('portfolios.archived')) : nothing}`,
        lead: values.creditor,
        back: { href: pathTo('portfolios'), label: t('portfolios.title') },
        actions: html`<a class="button" href=${pathTo('uploads', { cartera: id })}>${icon('upload')}${t('common.title.uploads')}</a><a class="button" href=${pathTo('cases', { cartera: id })}>${icon('cases')}${t('common.title.cases')}</a>`,
      })}
      ${isNew ? banner({ tone: 'good', title: t('portfolios.created_title'), body: t('portfolios.created_body'), actions: html`<a class="button button-primary button-small" href=${pathTo('upload_new', { cartera: id })}>${t('portfolios.upload_first')}</a>` }) : nothing}
      <div class="editor">
        <nav class="section-nav" aria-label=${t('portfolios.sections')}><ul>${Object.keys(SECTIONS).map((name) => html`<li><a href="#${name}">${t(`portfolios.section.${name}`)}</a></li>`)}</ul></nav>
        <form class="stack editor-form" novalidate @submit=${save}>
          ${moved ? conflict() : nothing}
          ${form.problem ? problemBanner(form.problem) : nothing}
          ${Object.entries(SECTIONS).map(([name, section]) => card({ id: name, title: t(`portfolios.section.${name}`), lead: t(`portfolios.section_lead.${name}`), body: section(editor) }))}
          ${saveBar()}
        </form>
      </div>`
  }

  function conflict() {
    return banner({
      tone: 'warn', title: t('portfolios.moved_title'), body: t('portfolios.moved_body'),
      actions: html`<button type="button" class="button button-small" @click=${takeTheirs}>${t('portfolios.moved_load')}</button>`,
    })
  }

  function saveBar() {
    const faults = Object.keys(form.errors).length
    if (!form.dirty && faults === 0) return nothing
    return html`<div class="save-bar" role="region" aria-label=${t('common.unsaved_title')}>
      <p role="status">${faults > 0 ? html`<span class="field-error">${icon('warning')}${tn('portfolios.faults', faults)}</span>` : t('common.unsaved_title')}</p>
      <div class="button-row"><button type="button" class="button" @click=${discard}>${t('portfolios.discard')}</button>
      <button class="button button-primary" ?disabled=${form.busy}>${t('common.save')}</button></div>
    </div>`
  }
}

/** Mark in the section navigation what is being read. @param {HTMLElement} root */
function markSectionInView(root) {
  const links = new Map([...root.querySelectorAll('.section-nav a')].map((link) => [link.getAttribute('href')?.slice(1), link]))
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue
      for (const link of links.values()) link.removeAttribute('aria-current')
      const link = /** @type {HTMLElement | undefined} */ (links.get(target.id))
      link?.setAttribute('aria-current', 'true')
      // On phones the sections are a strip: keep the one being read in sight.
      root.querySelector('.section-nav')?.scrollTo({ left: (link?.offsetLeft ?? 0) - 80 })
    }
  }, { rootMargin: '-15% 0px -75% 0px' })
  for (const id of links.keys()) {
    const section = id === undefined ? null : document.getElementById(id)
    if (section !== null) observer.observe(section)
  }
}

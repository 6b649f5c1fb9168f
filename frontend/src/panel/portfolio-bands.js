// @ts-check

/**
 * The ageing bands. Only where each band ends is typed; where the next begins follows from it,
 * so that bands can neither overlap nor leave a gap.
 */

import { t } from '../core/i18n.js'
import { textField } from '../core/ui/fields.js'
import { icon } from '../core/ui/icons.js'
import { html, nothing } from '../core/view.js'
import { bandFaults, bandName, bandTone, contiguous } from './bands.js'

/** @import { Band } from '../core/contract.js' */
/** @import { Editor } from './portfolio-editor.js' */

const MAX_BANDS = 20
const FURTHEST_DPD = 9999
/** How many days a new band gets until somebody says otherwise. */
const NEW_BAND_DAYS = 30

/** @param {Editor} editor */
export function bandsSection({ form, drafts, locale }) {
  const bands = contiguous(form.values.policies.bands)
  const last = bands.length - 1

  /** @param {(bands: Band[]) => void} mutate @param {string} [name] */
  const change = (mutate, name) => form.change(({ policies }) => {
    mutate(policies.bands)
    policies.bands = contiguous(policies.bands)
  }, name)

  /** @param {number} index */
  const remove = (index) => {
    drafts.clear()
    form.errors = {}
    change((all) => {
      if (index === 0 && all.length > 1) all[1].from_dpd = all[0].from_dpd
      all.splice(index, 1)
    })
  }

  const add = () => {
    drafts.clear()
    change((all) => {
      const tail = all[all.length - 1]
      const from = tail.from_dpd ?? 1
      const to = from + NEW_BAND_DAYS - 1
      all.splice(all.length - 1, 0, { code: freshCode(all, `${from}-${to}`), from_dpd: from, to_dpd: to })
      tail.from_dpd = to + 1
    })
  }

  return html`${strip(bands)}
    <div class="band-list" role="list">${bands.map((band, i) => html`<div class="band-row" role="listitem">
      <span class="band-chip"><svg viewBox="0 0 10 10" aria-hidden="true"><rect class=${bandTone(i, bands.length)} width="10" height="10" rx="2"></rect></svg></span>
      ${textField({ name: `policies.bands.${i}.code`, label: t('portfolios.band_code'), required: true, maxlength: 20, value: form.values.policies.bands[i].code, error: form.errors[`policies.bands.${i}.code`], onInput: (value) => change((all) => { all[i].code = value }, `policies.bands.${i}.code`) })}
      ${i === 0
        ? drafts.field({ name: 'policies.bands.0.from_dpd', label: t('portfolios.band_from'), locale, min: -365, max: FURTHEST_DPD, optional: true, value: band.from_dpd, error: form.errors['policies.bands.0.from_dpd'], onInput: (value) => change((all) => { all[0].from_dpd = value }, 'policies.bands.0.from_dpd') })
        : html`<div class="field"><span class="field-label">${t('portfolios.band_from')}</span><output class="fixed-value">${band.from_dpd}</output></div>`}
      ${i === last
        ? html`<div class="field"><span class="field-label">${t('portfolios.band_to')}</span><output class="fixed-value">${t('portfolios.band_no_end')}</output></div>`
        : drafts.field({ name: `policies.bands.${i}.to_dpd`, label: t('portfolios.band_to'), locale, min: -365, max: FURTHEST_DPD, value: band.to_dpd, error: form.errors[`policies.bands.${i}.to_dpd`], onInput: (value) => change((all) => { all[i].to_dpd = value }, `policies.bands.${i}.to_dpd`) })}
      <button type="button" class="icon-button" ?disabled=${bands.length === 1} aria-label=${t('portfolios.band_remove', { name: bandName(band) })} @click=${() => remove(i)}>${icon('trash')}</button>
    </div>`)}</div>
    ${bands.length < MAX_BANDS ? html`<div class="button-row"><button type="button" class="button button-small" @click=${add}>${icon('plus')}${t('portfolios.band_add')}</button></div>` : nothing}`
}

/** How the bands will look on every screen. @param {Band[]} bands */
function strip(bands) {
  return html`<ul class="band-strip" aria-label=${t('portfolios.band_preview')}>${bands.map((band, i) => html`<li class=${bandTone(i, bands.length)}>
    <svg viewBox="0 0 10 2" preserveAspectRatio="none" aria-hidden="true"><rect class=${bandTone(i, bands.length)} width="10" height="2"></rect></svg><span>${bandName(band)}</span></li>`)}</ul>`
}

/**
 * Errors by field name.
 * @param {Band[]} bands
 * @returns {Record<string, string>}
 */
export function bandErrors(bands) {
  return Object.fromEntries(bandFaults(contiguous(bands)).map(({ index, part, fault }) => [`policies.bands.${index}.${part}`, t(`portfolios.band_fault.${fault}`)]))
}

/** @param {Band[]} bands @param {string} wanted */
function freshCode(bands, wanted) {
  const taken = new Set(bands.map(({ code }) => code))
  let code = wanted
  for (let n = 2; taken.has(code); n += 1) code = `${wanted}_${n}`
  return code
}

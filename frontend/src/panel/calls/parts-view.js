// @ts-check

/** What part of the calls each segment gets at least: the common one, or its own; and had today. */

/** @import { Editor } from '../portfolio-editor.js' */
/** @import { CallSettings } from './contract.js' */

import { formatNumber, t } from '../../core/i18n.js'
import { badge } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

const PATH = 'policies.queue.segment_parts'
const ALL = 100

/** What own parts come to together, in per cent. @param {{ percent: number }[]} parts */
export function together(parts) {
  return parts.reduce((sum, { percent }) => sum + percent, 0)
}

/** Without the part of a segment, and with another in its place. @param {{ segment: string, percent: number }[]} parts @param {string} segment @param {number | null} percent */
export function withPart(parts, segment, percent) {
  const others = parts.filter((one) => one.segment !== segment)
  return percent === null ? others : [...others, { segment, percent }]
}

/** @param {Editor} editor @param {CallSettings} known */
export function partsView({ form, drafts, locale }, { segments }) {
  const { queue } = form.values.policies
  const given = segments.reduce((sum, one) => sum + one.given, 0)
  const sum = together(queue.segment_parts)
  const fault = sum > ALL ? t('callsettings.parts_over', { n: sum }) : form.errors[PATH]
  return html`<h3>${t('callsettings.parts')}</h3><p class="hint">${t('callsettings.parts_lead')}</p>
    <div class="form-grid">${drafts.field({
      name: 'policies.queue.least_percent', label: t('callsettings.parts_common'), hint: t('callsettings.parts_common_hint'), suffix: '%', locale, max: 50,
      value: queue.least_percent, error: form.errors['policies.queue.least_percent'],
      onInput: (value) => form.change(({ policies }) => { policies.queue.least_percent = value ?? queue.least_percent }, 'policies.queue.least_percent'),
    })}
    ${segments.map((one) => {
      const own = queue.segment_parts.find(({ segment }) => segment === one.segment)
      return drafts.field({
        name: `${PATH}.${one.segment || 'none'}`, label: one.name || t('callsettings.parts_none'), suffix: '%', locale, max: ALL, optional: true,
        hint: given === 0 ? t('callsettings.parts_nothing') : t('callsettings.parts_today', { n: formatNumber(one.given), all: formatNumber(given), share: Math.round((ALL * one.given) / given) }),
        value: own?.percent ?? null,
        onInput: (value) => form.change(({ policies }) => { policies.queue.segment_parts = withPart(policies.queue.segment_parts, one.segment, value) }, PATH),
      })
    })}</div>
    <p aria-live="polite">${fault ? html`<span class="field-error">${fault}</span>` : sum === 0 ? nothing : badge(t('callsettings.parts_sum', { n: sum }))}</p>`
}

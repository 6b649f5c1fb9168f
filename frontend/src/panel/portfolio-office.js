// @ts-check

/** When people answer debtors: the bot says so when it hands a conversation over. */

/** @import { OfficeDay } from '../core/contract.js' */
/** @import { Editor } from './portfolio-editor.js' */

import { lang, t } from '../core/i18n.js'
import { checkField, textField } from '../core/ui/fields.js'
import { html, nothing } from '../core/view.js'

const WEEK = [1, 2, 3, 4, 5, 6, 7]
const A_MONDAY = Date.UTC(2024, 0, 1)

/** @param {number} weekday */
function nameOf(weekday) {
  const name = new Intl.DateTimeFormat(lang(), { weekday: 'long', timeZone: 'UTC' }).format(A_MONDAY + (weekday - 1) * 86_400_000)
  return name[0].toLocaleUpperCase(lang()) + name.slice(1)
}

/** @param {Editor} editor */
export function officeSection({ form }) {
  const { office } = form.values.policies
  const error = form.errors['policies.office']
  return html`<div class="stack">${WEEK.map((weekday) => dayRow(form, weekday, office.findIndex((day) => day.weekday === weekday)))}
    ${error ? html`<p class="field-error">${error}</p>` : nothing}</div>`
}

/**
 * @param {Editor['form']} form
 * @param {number} weekday
 * @param {number} index  In the list of days; -1 = closed.
 */
function dayRow(form, weekday, index) {
  const day = form.values.policies.office[index]
  const name = nameOf(weekday)
  /** @param {'opens_at' | 'closes_at'} key */
  const time = (key) => {
    const path = `policies.office.${index}.${key}`
    return textField({
      name: path, type: 'time', required: true, label: html`${t(`portfolios.office.${key}`)}<span class="visually-hidden"> ${name}</span>`,
      value: day[key], error: form.errors[path],
      onInput: (value) => form.change(({ policies }) => { policies.office[index][key] = value }, path),
    })
  }
  return html`<div class="form-grid office-day">
    ${checkField({ name: `office.${weekday}`, label: name, checked: day !== undefined, onInput: (checked) => form.change(({ policies }) => { policies.office = toggled(policies.office, weekday, checked) }, 'policies.office') })}
    ${day === undefined ? html`<p class="muted small">${t('portfolios.office.closed')}</p>` : html`<div class="form-grid">${time('opens_at')}${time('closes_at')}</div>`}
  </div>`
}

/** @param {OfficeDay[]} office @param {number} weekday @param {boolean} open */
function toggled(office, weekday, open) {
  const others = office.filter((day) => day.weekday !== weekday)
  if (!open) return others
  return [...others, { weekday, opens_at: '09:00', closes_at: '18:00' }].sort((a, b) => a.weekday - b.weekday)
}

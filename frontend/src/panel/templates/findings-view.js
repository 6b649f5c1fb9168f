// @ts-check

/** What the check found, beside the text; each leads to its line. */

/** @import { Finding } from './contract.js' */

import { t, tOr } from '../../core/i18n.js'
import { icon } from '../../core/ui/icons.js'
import { badge } from '../../core/ui/pieces.js'
import { html, nothing } from '../../core/view.js'

/**
 * @param {{ findings: Finding[], onGo: (finding: Finding) => void }} facts
 */
export function findingsView({ findings, onGo }) {
  if (findings.length === 0) return html`<p class="finding-none">${icon('check')}${t('templates.no_findings')}</p>`
  const errorsFirst = [...findings].sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'))
  return html`<ul class="findings">${errorsFirst.map((finding) => html`<li class="finding finding-${finding.level}">
    ${badge(t(`templates.level.${finding.level}`), finding.level === 'error' ? 'bad' : 'warn')}
    <div><p>${words(finding)}</p>
      ${finding.facts.source ? html`<p class="small muted">${finding.facts.source}</p>` : nothing}
      ${finding.line > 0 ? html`<button type="button" class="link-button small" @click=${() => onGo(finding)}>${t('templates.go_to_line', { line: finding.line })}</button>` : nothing}
    </div></li>`)}</ul>`
}

/** @param {Finding} finding */
function words({ code, facts }) {
  if (code.startsWith('portfolio_')) {
    const field = code.slice('portfolio_'.length)
    return t('templates.finding.portfolio', { field: tOr(`templates.required.${field}`, field) })
  }
  const values = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, Array.isArray(value)
    ? value.map((each) => tOr(`templates.required.${each}`, String(each))).join(', ')
    : value]))
  return tOr(`templates.finding.${code}`, code, values)
}

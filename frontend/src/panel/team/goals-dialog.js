// @ts-check

/** A month's goals of the portfolio, its teams and people, set together. */

/** @import { Api } from '../../core/api.js' */
/** @import { Board, Goals } from './contract.js' */

import { t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { openDialog } from '../../core/ui/dialog.js'
import { checkField, moneyField, selectField, textField } from '../../core/ui/fields.js'
import { problemBanner } from '../../core/ui/pieces.js'
import { html } from '../../core/view.js'

const COUNTS = ['calls', 'rpc', 'promises', 'promises_kept', 'visits_verified']
const MONEY = 'collected_minor'

/**
 * @param {{ api: Api, board: Board, locale: string }} scene
 * @returns {Promise<boolean>}  Whether they were saved.
 */
export async function goalsDialog({ api, board, locale }) {
  const path = `/portfolios/${encodeURIComponent(board.portfolio_id)}/goals`
  /** @type {Goals} */
  const found = await api.get(path, { query: { month: board.month } })
  const goals = structuredClone(found.goals)
  const whose = [
    { value: 'portfolio', label: t('team.goal_all') },
    ...board.teams.filter(({ team }) => team !== '').map(({ team }) => ({ value: `team:${team}`, label: t('team.goal_team', { team }) })),
    ...board.rows.map(({ person }) => ({ value: `person:${person.id}`, label: person.name })),
  ]
  let who = 'portfolio'
  /** @type {Record<string, string>} */
  let typed = {}
  /** @type {Record<string, string>} */
  const errors = {}
  let ranking = board.ranking
  let busy = false
  /** @type {import('../../core/problem.js').Problem | null} */
  let problem = null

  /** @param {string} name @param {number | null} value */
  function put(name, value) {
    const figures = { ...goals[who] }
    if (value === null) delete figures[name]
    else figures[name] = value
    goals[who] = figures
  }

  const done = await openDialog({
    title: t('team.goals_title', { month: board.month }), size: 'wide',
    body: (handle) => {
      const save = async (/** @type {Event} */ event) => {
        event.preventDefault()
        if (Object.keys(errors).length > 0) return
        busy = true
        problem = null
        handle.update()
        try {
          if (ranking !== board.ranking) await setRanking(api, board, ranking)
          await api.put(path, { month: board.month, version: found.version, goals })
          return handle.close(true)
        } catch (error) {
          problem = asProblem(error)
        }
        busy = false
        handle.update()
      }
      const own = goals[who] ?? {}
      return html`<form class="form" novalidate @submit=${save}>${problem ? problemBanner(problem) : ''}<p>${t('team.goals_lead')}</p>
        ${selectField({ name: 'whose', label: t('team.goal_of'), required: true, value: who, options: whose, onInput: (value) => { who = value; typed = {}; handle.update() } })}
        <div class="form-grid">${moneyField({
          name: MONEY, label: t('team.collected'), minor: own[MONEY] ?? null, text: typed[MONEY], currency: board.currency, locale, error: errors[`${who} ${MONEY}`],
          onInput: (minor, text) => {
            typed[MONEY] = text
            delete errors[`${who} ${MONEY}`]
            if (minor === null && text.trim() !== '') errors[`${who} ${MONEY}`] = t('common.field_money')
            else put(MONEY, minor)
            handle.update()
          },
        })}
        ${COUNTS.map((name) => textField({
          name, label: t(`team.${name}`), value: typed[name] ?? String(own[name] ?? ''), inputmode: 'numeric', error: errors[`${who} ${name}`],
          onInput: (text) => {
            typed[name] = text
            const clean = text.trim()
            delete errors[`${who} ${name}`]
            if (clean !== '' && !/^\d{1,9}$/.test(clean)) errors[`${who} ${name}`] = t('team.whole')
            else put(name, clean === '' ? null : Number(clean))
            handle.update()
          },
        }))}</div>
        ${checkField({ name: 'ranking', label: t('team.ranking'), hint: t('team.ranking_hint'), checked: ranking, onInput: (on) => { ranking = on; handle.update() } })}
        <footer class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.cancel')}</button>
          <button class="button button-primary" ?disabled=${busy}>${t('common.save')}</button></footer></form>`
    },
  })
  return done === true
}

/**
 * Whether people are put in an order: a policy of the portfolio, changed as what it is now.
 * @param {Api} api @param {Board} board @param {boolean} ranking
 */
async function setRanking(api, board, ranking) {
  const path = `/portfolios/${encodeURIComponent(board.portfolio_id)}`
  const { version } = await api.get(path)
  await api.patch(path, { version, policies: { ranking } })
  board.ranking = ranking
}

// @ts-check

/** The tracking apps of other makers that send one agent's position: connect one, revoke one. */

/** @import { Api } from '../../core/api.js' */
/** @import { IssuedTracker, Tracker } from './contract.js' */
/** @import { DialogHandle } from '../../core/ui/dialog.js' */

import { formatInstant } from '../../core/dates.js'
import { Form } from '../../core/form.js'
import { localeFor, t } from '../../core/i18n.js'
import { asProblem } from '../../core/problem.js'
import { confirmDialog, openDialog } from '../../core/ui/dialog.js'
import { checkField, textField } from '../../core/ui/fields.js'
import { icon } from '../../core/ui/icons.js'
import { banner, copyButton, problemBanner, skeleton } from '../../core/ui/pieces.js'
import { toast } from '../../core/ui/toast.js'
import { html, nothing } from '../../core/view.js'

const APPS = /** @type {Record<string, string>} */ ({ traccar: 'Traccar Client', owntracks: 'OwnTracks' })

/**
 * @param {Api} api
 * @param {{ person_id: string, name: string }} agent
 */
export async function openTrackers(api, agent) {
  /** @type {Tracker[] | null} */
  let trackers = null
  /** @type {import('../../core/problem.js').Problem | null} */
  let problem = null
  /** @type {IssuedTracker | null} */
  let issued = null
  let asked = false
  /** @type {Form<{ name: string, sees_team: boolean }>} */
  let form

  /** @param {DialogHandle} handle */
  async function load(handle) {
    try {
      const { items } = await api.get('/trackers')
      trackers = items.filter((/** @type {Tracker} */ one) => one.person_id === agent.person_id)
    } catch (error) {
      problem = asProblem(error)
    }
    handle.update()
  }

  /** @param {Tracker} tracker @param {DialogHandle} handle */
  async function revoke(tracker, handle) {
    const agreed = await confirmDialog({
      title: t('map.tracker_revoke_title', { name: tracker.name }), body: html`<p>${t('map.tracker_revoke_body')}</p>`,
      confirm: t('map.tracker_revoke'), danger: true, work: () => api.delete(`/trackers/${tracker.tracker_id}`),
    })
    if (!agreed) return
    trackers = trackers?.filter(({ tracker_id: id }) => id !== tracker.tracker_id) ?? null
    toast(t('map.tracker_revoked'))
    handle.update()
  }

  await openDialog({
    title: t('map.trackers_of', { name: agent.name }),
    size: 'wide',
    body: (handle) => {
      if (!asked) {
        asked = true
        void load(handle)
      }
      if (issued !== null) return codes(issued, handle)
      form ??= new Form({ name: '', sees_team: false }, () => handle.update())
      /** @param {SubmitEvent} event */
      const submit = async (event) => {
        event.preventDefault()
        const made = await form.submit(
          (given) => api.post('/trackers', { person_id: agent.person_id, name: given.name.trim(), sees_team: given.sees_team }),
          (given) => ({ name: given.name.trim() === '' ? t('common.field_required') : null }),
        )
        if (made === undefined) return
        issued = made
        handle.update()
      }
      return html`<p class="hint">${t('map.trackers_hint')}</p>
        ${problem ? problemBanner(problem) : trackers === null ? skeleton(2) : list(trackers, (one) => void revoke(one, handle))}
        <form class="form" novalidate @submit=${submit}>
          ${form.problem ? problemBanner(form.problem) : nothing}
          ${textField({ name: 'tracker-name', label: t('map.tracker_name'), hint: t('map.tracker_name_hint'), required: true, maxlength: 80, value: form.values.name, error: form.errors.name, onInput: (value) => form.set('name', value) })}
          ${checkField({ name: 'tracker-team', label: t('map.tracker_team'), checked: form.values.sees_team, onInput: (value) => form.set('sees_team', value) })}
          <div class="dialog-foot"><button type="button" class="button" @click=${() => handle.close()}>${t('common.close')}</button><button class="button button-primary" ?disabled=${form.busy}>${t('map.tracker_connect')}</button></div>
        </form>`
    },
  })
}

/** @param {Tracker[]} trackers @param {(tracker: Tracker) => void} onRevoke */
function list(trackers, onRevoke) {
  if (trackers.length === 0) return html`<p class="muted">${t('map.trackers_none')}</p>`
  return html`<ul class="token-list">${trackers.map((one) => html`<li>
    <div class="grow"><strong>${one.name}</strong><br><small class="muted">${one.last_seen_at ? t('map.tracker_seen', { when: formatInstant(one.last_seen_at, localeFor(), undefined) }) : t('map.tracker_unseen')}</small></div>
    <button type="button" class="button button-small button-danger-quiet" aria-label="${t('map.tracker_revoke')}: ${one.name}" @click=${() => onRevoke(one)}>${t('map.tracker_revoke')}</button></li>`)}</ul>`
}

/**
 * The token, once: a code to be read off this screen by the agent's telephone.
 * @param {IssuedTracker} issued @param {DialogHandle} handle
 */
function codes({ apps, token }, handle) {
  return html`${banner({ tone: 'warn', title: t('map.tracker_once'), body: t('map.tracker_once_body') })}
    <div class="tracker-codes">${apps.map(({ app, link, qr_svg: svg }) => html`<figure>
      <img src="data:image/svg+xml,${encodeURIComponent(svg)}" alt=${t('map.tracker_code', { app: APPS[app] ?? app })} width="240" height="240">
      <figcaption><strong>${APPS[app] ?? app}</strong> ${copyButton(() => link, t('map.tracker_copy_link'))}</figcaption></figure>`)}</div>
    <details><summary>${t('map.tracker_by_hand')}</summary>
      <p class="hint">${t('map.tracker_by_hand_body')}</p><div class="token-once"><code>${token}</code>${copyButton(() => token)}</div></details>
    <div class="dialog-foot"><button type="button" class="button button-primary" @click=${() => handle.close()}>${icon('check')}${t('map.tracker_done')}</button></div>`
}

// @ts-check

/** The supervisors' map: who is where now, what each did today, zones and debts around. */

/** @import { Problem } from '../core/problem.js' */
/** @import { MapView } from '../core/map/view.js' */
/** @import { LatLng } from '../core/map/contract.js' */
/** @import { LiveAgent, LivePage } from './map/contract.js' */
/** @import { Filter } from './map/live.js' */
/** @import { Tab } from './map/place.js' */
/** @import { Context } from './shell.js' */

import { lang, localeFor, t } from '../core/i18n.js'
import { basemapUrl, mapWords, openMap } from '../core/map/index.js'
import { boundsOf, distance } from '../core/map/geometry.js'
import { asProblem } from '../core/problem.js'
import { icon } from '../core/ui/icons.js'
import { banner, problemBanner, skeleton, tabs } from '../core/ui/pieces.js'
import { html, mountView, nothing } from '../core/view.js'
import { chosenPortfolio } from './chosen-portfolio.js'
import { agentPanel } from './map/agent-view.js'
import { Alarms } from './map/alarms.js'
import { agentList, agentTable, filters, nobodyOnShift, nobodyYet } from './map/agents-view.js'
import { Day } from './map/day.js'
import { Debts } from './map/debts.js'
import { OLD_AFTER_MS, marksOf, nextLook, shown, teamsOf, withChanges } from './map/live.js'
import { TABS, addressOf, firstView, placeOf } from './map/place.js'
import { openTrackers } from './map/trackers-dialog.js'
import { Zones } from './map/zones.js'
import { guardLeaving, start } from './shell.js'
import { Poll } from './uploads/poll.js'

start(open, { roles: ['admin', 'supervisor'] })

/** @param {Context} context */
async function open({ root, api, me, params, portfolios: all }) {
  const portfolios = await all()
  const portfolio = chosenPortfolio(portfolios, params)
  const place = placeOf(params)
  /** @type {Map<string, LiveAgent> | null} */
  let agents = null
  /** @type {string | null} */
  let mark = null
  let heardAt = 0
  /** @type {Problem | null} */
  let problem = null
  let groundLost = false
  /** Why there is no map. @type {Problem | null} */
  let unmapped = null
  /** @type {MapView | null} */
  let map = null
  const alarms = new Alarms({ api, paint: () => view.update(), onShow: ({ person_id: id, lat, lng }) => {
    choose(id)
    if (lat !== null && lng !== null) map?.lookAt({ lat, lng }, 16)
  } })
  const day = new Day({ api, paint: () => view.update(), map: () => map })
  const parts = { api, paint: () => view.update(), map: () => map, agents: () => [...(agents?.values() ?? [])] }
  const zones = new Zones(parts)
  const debts = new Debts(parts)
  guardLeaving(() => zones.dirty)
  const view = mountView(root, page)
  view.now()

  /** @type {Poll<LivePage>} */
  const poll = new Poll({
    look, onSeen, onMissed, page: document,
    delay: ({ hidden, failures }) => nextLook({ hidden, failures }),
  })
  await look().then((seen) => { onSeen(seen); poll.start(seen) }, (error) => { onMissed(error); poll.start({ items: [], mark: null, whole: true }) })
  try {
    map = await openMap(/** @type {HTMLElement} */ (root.querySelector('.map-place')), {
      words: mapWords(t('map.region')), language: lang(), source: basemapUrl(), view: place.view ?? wholeView(),
      onMove: (seen) => { place.view = seen; remember() },
      onGround: (there) => { groundLost = !there; view.update() },
    })
  } catch (error) {
    unmapped = asProblem(error) // the lists go on
  }
  show()
  if (debts.asked) debts.draw()
  day.draw(true)
  void day.show(place.agent, place.day)
  void zones.load()

  /** @returns {Promise<LivePage>} */
  async function look() {
    const [page] = await Promise.all([api.get('/agents/live', { query: { since: mark } }), alarms.load().catch(() => null)])
    return page
  }

  /** @param {LivePage} page */
  function onSeen(page) {
    agents = withChanges(agents ?? new Map(), page)
    mark = page.mark
    heardAt = Date.now()
    problem = null
    show()
    if (map !== null) void day.show(place.agent, place.day)
  }

  /** @param {unknown} error */
  function onMissed(error) {
    problem = asProblem(error)
    view.update()
  }

  function visible() {
    return agents === null ? [] : shown(agents.values(), place.filter, localeFor())
  }

  function show() {
    map?.agents(marksOf(visible()), { chosen: place.agent, onPick: choose })
    view.update()
  }

  /** Everybody who has a place, else a city of the portfolio's country. */
  function wholeView() {
    return boundsOf(marksOf(visible()), 300) ?? firstView(portfolio?.country)
  }

  /** @param {string | null} id */
  function choose(id) {
    const before = place.agent
    place.agent = id
    place.day = null
    place.tab = 'mapa'
    const chosen = id === null ? undefined : agents?.get(id)
    if (chosen && chosen.lat !== null && chosen.lng !== null) map?.lookAt(/** @type {LatLng} */ (chosen))
    remember()
    show()
    void day.show(id, null)
    view.now()
    // Who works with the keyboard goes on where the page has changed.
    const goOn = id === null ? root.querySelector(`[data-agent="${CSS.escape(before ?? '')}"]`) : root.querySelector('#agent-name')
    if (goOn instanceof HTMLElement) goOn.focus({ preventScroll: true })
  }

  /** @param {string | null} date */
  function turnTo(date) {
    place.day = date
    remember()
    void day.show(place.agent, date)
    view.update()
  }

  /** @param {Partial<Filter>} change */
  function refine(change) {
    place.filter = { ...place.filter, ...change }
    remember()
    show()
  }

  /** @param {string} key @param {Event} event */
  function turn(key, event) {
    event.preventDefault()
    place.tab = /** @type {Tab} */ (key)
    if (place.tab !== 'zonas') zones.leave()
    debts.leave()
    remember()
    view.update()
  }

  function remember() {
    window.history.replaceState(null, '', addressOf(place))
  }

  function page() {
    return html`<div class="map-page map-tab-${place.tab}">
      <div class="map-side">
        <header class="map-head"><h1 tabindex="-1">${t('common.title.map')}</h1>${tabs(t('map.tabs'), TABS.map((key) => ({ key, label: t(`map.tab.${key}`), href: addressOf({ ...place, tab: key }) })), place.tab, turn)}</header>
        ${alarms.view(new Date())}
        ${age()}
        ${unmapped ? problemBanner(unmapped, () => window.location.reload()) : nothing}
        ${debts.asked ? debts.view() : place.tab === 'zonas' ? zones.view() : people()}
      </div>
      <div class="map-stage">
        <div class="map-place"></div>
        ${day.player()}
        ${portfolio && place.tab !== 'tabla' && !debts.asked ? html`<button type="button" class="button button-small map-search" ?disabled=${map === null} @click=${searchHere}>${icon('search')}${t('map.debts_here')}</button>` : nothing}
        ${groundLost ? html`<p class="map-note" role="status">${t('map.ground_lost')}</p>` : nothing}
      </div>
    </div>`
  }

  /** Debts in the middle of what is on screen. */
  function searchHere() {
    if (map === null || portfolio === null) return
    const [southWest, northEast] = map.bounds
    const { centre } = map.view
    const radius = Math.min(distance(centre, { lat: northEast.lat, lng: centre.lng }), distance(centre, { lat: centre.lat, lng: southWest.lng }))
    find(centre, radius * 0.9)
  }

  /** @param {LatLng} centre @param {number} radius @param {string} [person] */
  function find(centre, radius, person) {
    if (portfolio === null) return
    void debts.find(portfolio, centre, radius, person)
    view.now()
    const title = root.querySelector('#debts-title')
    if (title instanceof HTMLElement) title.focus({ preventScroll: true })
  }

  /** @param {LiveAgent} agent */
  function around(agent) {
    const { person_id: id, lat, lng } = agent
    const near = portfolio === null || lat === null || lng === null
      ? nothing
      : html`<button type="button" class="button button-small" @click=${() => find({ lat, lng }, 1000, id)}>${icon('search')}${t('map.debts_near')}</button>`
    return html`<div class="button-row">${near}<button type="button" class="button button-small" @click=${() => openTrackers(api, agent)}>${icon('phone')}${t('map.trackers')}</button></div>`
  }

  /** Figures that are not of now must say so. */
  function age() {
    if (problem === null) return nothing
    const old = agents !== null && Date.now() - heardAt > OLD_AFTER_MS
    if (agents === null || old) return problemBanner(problem, () => void look().then(onSeen, onMissed))
    return banner({ tone: 'warn', title: t('map.lagging') })
  }

  function people() {
    if (agents === null) return problem ? nothing : skeleton(6)
    if (agents.size === 0) return nobodyYet(me.role === 'admin')
    const chosen = place.agent === null ? undefined : agents.get(place.agent)
    if (chosen !== undefined) {
      return agentPanel({ agent: chosen, day, date: place.day, now: new Date(), onBack: () => choose(null), onDate: turnTo, more: around(chosen) })
    }
    const facts = { agents: visible(), now: new Date(), onPick: choose }
    const { state, words, team } = place.filter
    const nobodyOn = facts.agents.length === 0 && state === 'on' && !words && !team
    return html`${filters({ filter: place.filter, teams: teamsOf(agents.values()), onFilter: refine })}
      ${nobodyOn ? nobodyOnShift(() => refine({ state: 'all' })) : place.tab === 'tabla' ? agentTable(facts) : agentList(facts)}`
  }
}

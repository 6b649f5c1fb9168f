// @ts-check

/** Where pages live: Spanish at the root, the others under their language. */

import { LANGUAGES, lang } from './i18n.js'

export const PAGES = /** @type {const} */ ({
  home: '/panel/',
  signin: '/panel/entrar/',
  cases: '/panel/expedientes/',
  case: '/panel/expedientes/caso/',
  uploads: '/panel/cargas/',
  upload_new: '/panel/cargas/nueva/',
  upload: '/panel/cargas/carga/',
  merges: '/panel/cargas/duplicados/',
  papers_many: '/panel/cargas/documentos/',
  map: '/panel/mapa/',
  routes: '/panel/rutas/',
  visits: '/panel/visitas/',
  cash: '/panel/caja/',
  visit: '/panel/visitas/visita/',
  queue: '/panel/cola/',
  tasks: '/panel/tareas/',
  team: '/panel/equipo/',
  approvals: '/panel/aprobaciones/',
  figures: '/panel/indicadores/',
  payments: '/panel/pagos/',
  disputes: '/panel/disputas/',
  dispute: '/panel/disputas/aclaracion/',
  requests: '/panel/datos/',
  request: '/panel/datos/solicitud/',
  conversations: '/panel/conversaciones/',
  sendings: '/panel/envios/',
  sending: '/panel/envios/mensaje/',
  strategies: '/panel/estrategias/',
  questionnaires: '/panel/cuestionarios/',
  templates: '/panel/plantillas/',
  rules: '/panel/reglas/',
  portfolios: '/panel/carteras/',
  people: '/panel/personas/',
  settings: '/panel/ajustes/',
  field: '/campo/',
  verify: '/verificar/',
  shared_report: '/informe/',
  slice: '/entrega/',
})

/** @typedef {keyof typeof PAGES} PageName */

/**
 * @param {PageName} page
 * @param {Record<string, string | null | undefined>} [params]  Become the query; empty ones are left out.
 */
export function pathTo(page, params = {}) {
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const query = new URLSearchParams(/** @type {[string, string][]} */ (given)).toString()
  return prefix(lang()) + PAGES[page] + (query && `?${query}`)
}

/**
 * The same page in another language.
 * @param {string} path  Path with query.
 * @param {string} language
 */
export function inLanguage(path, language) {
  return prefix(language) + withoutLanguage(path)
}

/**
 * Where to go after signing in: only ever a page of the panel or of the field on this origin.
 * @param {string | null} next
 */
export function safeNext(next) {
  const fallback = pathTo('home')
  if (next === null || /[\\\s]/.test(next) || next.startsWith('//')) return fallback
  const own = withoutLanguage(next)
  const known = own.startsWith('/panel/') || own.startsWith(PAGES.field)
  return known && !own.startsWith(PAGES.signin) ? next : fallback
}

/** @param {string} path */
function withoutLanguage(path) {
  for (const language of LANGUAGES) {
    if (language !== 'es' && path.startsWith(`/${language}/`)) return path.slice(language.length + 1)
  }
  return path
}

/** @param {string} language */
function prefix(language) {
  return language === 'es' ? '' : `/${language}`
}

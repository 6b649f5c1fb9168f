// @ts-check
/** The phones of all debtors: what came, and a way to answer. Asks for news every second. */

const CHANNELS = { whatsapp: 'WhatsApp', sms: 'SMS', call: 'Llamada', email: 'Correo', letter: 'Carta' }
const STATES = {
  accepted: 'aceptado', sent: 'enviado', delivered: 'entregado', read: 'leído', clicked: 'abrió el enlace',
  failed: 'falló', bounced: 'rebotó', complained: 'marcado como spam', opted_out: 'dado de baja',
}
const EVENTS = {
  whatsapp: ['delivered', 'read', 'failed', 'bounced'],
  sms: ['delivered', 'failed', 'bounced', 'opted_out'],
  call: ['delivered', 'read', 'failed'],
  email: ['delivered', 'read', 'clicked', 'bounced', 'failed', 'complained'],
}
const ASK_EVERY_MS = 1000
const ANSWERING = ['whatsapp', 'sms']

/** @type {Map<string, any>} */
const messages = new Map()
/** @type {any[]} */
let letters = []
let change = 0
let chosen = ''

const people = /** @type {HTMLElement} */ (document.querySelector('#people'))
const list = /** @type {HTMLElement} */ (document.querySelector('#messages'))
const form = /** @type {HTMLFormElement} */ (document.querySelector('#answer'))
const text = /** @type {HTMLInputElement} */ (document.querySelector('#text'))
const photo = /** @type {HTMLInputElement} */ (document.querySelector('#photo'))
const search = /** @type {HTMLInputElement} */ (document.querySelector('#search'))

const keyOf = (message) => `${message.channel}:${message.who}`
const all = () => [...messages.values(), ...letters]
const clock = (at) => new Date(at).toLocaleString('es', { dateStyle: 'short', timeStyle: 'short' })

async function ask() {
  try {
    const answer = await fetch(`/simulador/messages.json?since=${change}`)
    const news = await answer.json()
    if (change === 0) letters = news.letters.map(asMessage)
    if (news.messages.length || change === 0) {
      for (const one of news.messages) messages.set(one.id, one)
      change = news.change
      show()
    }
  } catch { /* the stack is stopping; ask again */ }
  setTimeout(ask, ASK_EVERY_MS)
}

function asMessage(letter) {
  return {
    id: letter.attempt_id, channel: 'letter', direction: 'out', who: letter.to[0], at: letter.at,
    text: letter.to.join('\n'), href: letter.href, files: [`${letter.pages} pág.`],
  }
}

function show() {
  const last = new Map()
  for (const one of all()) {
    const known = last.get(keyOf(one))
    if (!known || known.at <= one.at) last.set(keyOf(one), one)
  }
  const wanted = search.value.trim().toLowerCase()
  const sorted = [...last.values()]
    .filter((one) => !wanted || `${one.who} ${one.text}`.toLowerCase().includes(wanted))
    .sort((a, b) => (a.at < b.at ? 1 : -1))
  if (!chosen && sorted.length) chosen = keyOf(sorted[0])
  people.replaceChildren(...sorted.map(person))
  showPhone()
}

function person(one) {
  const item = clone('#person')
  const button = item.querySelector('button')
  button.querySelector('b').textContent = one.who
  button.querySelector('span').textContent = one.subject || one.text
  button.querySelector('small').textContent = `${CHANNELS[one.channel]} · ${clock(one.at)}`
  if (keyOf(one) === chosen) button.setAttribute('aria-current', 'true')
  button.addEventListener('click', () => { chosen = keyOf(one); show() })
  return item
}

function showPhone() {
  const theirs = all().filter((one) => keyOf(one) === chosen).sort((a, b) => (a.at < b.at ? -1 : 1))
  const who = /** @type {HTMLElement} */ (document.querySelector('#who'))
  who.textContent = theirs.length ? `${theirs[0].who} · ${CHANNELS[theirs[0].channel]}` : 'Todavía no hay mensajes'
  list.replaceChildren(...theirs.map(bubble))
  list.scrollTop = list.scrollHeight
  form.hidden = !theirs.length || !ANSWERING.includes(theirs[0].channel)
  const last = theirs.filter((one) => one.direction === 'out').at(-1)
  const choices = (last?.buttons ?? []).map((choice) => button(choice.title, () => answer({
    text: choice.title, choice: choice.code, quoted: quotedId(last), list: last.list, template: last.template,
  })))
  document.querySelector('#choices')?.replaceChildren(...choices)
}

function bubble(one) {
  const item = clone('#message')
  item.className = one.direction
  item.dataset.id = one.id
  const part = (name) => item.querySelector(name)
  part('.subject').textContent = one.subject ?? ''
  if (one.html) {
    part('iframe').hidden = false
    part('iframe').src = `/simulador/mail/${one.id}`
  } else part('.text').textContent = one.text
  if (one.photo) Object.assign(part('img'), { hidden: false, src: one.photo })
  part('.files').textContent = (one.files ?? []).map((name) => `📎 ${name}`).join('  ')
  if (one.href) part('.files').append(' ', link('Ver la carta', one.href))
  const notes = [clock(one.at), STATES[one.state], one.template && `plantilla ${one.template}`].filter(Boolean)
  part('.meta').textContent = notes.join(' · ')
  if (one.outside_window) {
    const warning = document.createElement('p')
    warning.className = 'warn'
    warning.textContent = 'Fuera de las 24 horas y sin plantilla: WhatsApp real lo rechazaría.'
    part('.meta').after(warning)
  }
  if (one.direction === 'out') {
    const kinds = EVENTS[one.channel] ?? []
    part('.events').replaceChildren(...kinds.map((kind) => button(STATES[kind], () => happen(one.id, kind))))
    part('.events').append(...(one.unsubscribe ? [link('Cancelar suscripción', one.unsubscribe)] : []))
  }
  return item
}

const quotedId = (message) => (message.channel === 'whatsapp' ? `wamid.${message.id}` : message.id)

async function happen(id, kind) {
  await post('events', { id, kind })
}

async function answer(said) {
  const theirs = all().filter((one) => keyOf(one) === chosen)
  const ours = theirs.filter((one) => one.direction === 'out').at(-1)
  await post('answers', {
    channel: theirs[0].channel, who: theirs[0].who, ours: theirs[0].channel === 'sms' ? ours?.ours : '', ...said,
  })
}

async function post(what, body) {
  await fetch(`/simulador/${what}`, { method: 'POST', body: JSON.stringify(body) })
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (!text.value.trim()) return
  answer({ text: text.value.trim() })
  text.value = ''
})
for (const quick of form.querySelectorAll('[data-say]')) {
  quick.addEventListener('click', () => answer({ text: /** @type {HTMLElement} */ (quick).dataset.say }))
}
photo.addEventListener('change', () => {
  const file = photo.files?.[0]
  if (!file) return
  const reader = new FileReader()
  reader.addEventListener('load', () => {
    answer({ text: text.value.trim(), photo: reader.result })
    text.value = ''
    photo.value = ''
  })
  reader.readAsDataURL(file)
})
search.addEventListener('input', show)

function clone(selector) {
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector(selector))
  return /** @type {any} */ (template.content.cloneNode(true)).firstElementChild
}

function button(label, act) {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = label
  made.addEventListener('click', act)
  return made
}

function link(label, href) {
  const made = document.createElement('a')
  made.textContent = label
  made.href = href
  made.target = '_blank'
  made.rel = 'noopener'
  return made
}

ask()

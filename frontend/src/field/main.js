// @ts-check

/** The agent's app begins: who is it, may they in, then the day. */

import { Api } from '../core/api.js'
import { loadTexts } from '../core/i18n.js'
import { browserSession } from '../core/session.js'
import { tellWhatNobodyTold } from '../core/unhandled.js'
import { App } from './app.js'
import { letIn } from './gate.js'
import { sealingKey } from './lock.js'
import { firstScreen } from './mount.js'
import { openStore } from './store.js'
import { followUpdates } from './updates.js'
import { openVault } from './vault.js'

tellWhatNobodyTold()
await loadTexts()
const session = browserSession()
const api = new Api({ session, fetch: (input, init) => window.fetch(input, init) })
const vault = await openVault(window.sessionStorage)
// The worker fetches the whole app for days without signal: not before the first screen has come.
const updates = followUpdates(firstScreen)

const { person, key } = await letIn({ session, vault })
const store = await openStore(person.person_id, await sealingKey(key))
const app = new App({ api, session, vault, store, me: person.me, device: await vault.device(), updates })
await app.open()

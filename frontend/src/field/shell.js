// @ts-check

/**
 * What the first screen needs, as one file. The build has every part of the app begin with this, so
 * that nothing of it is cut into pieces along the screens that come later: on a slow line each piece
 * is a wait of its own.
 */

import '../core/api.js'
import '../core/i18n.js'
import '../core/session.js'
import './app.js'
import './gate.js'
import './lock.js'
import './mount.js'
import './store.js'
import './updates.js'
import './vault.js'

// @ts-check

/** The page's side of the ground: orders tiles of whoever paints them, and hands on what comes. */

/** @import { GroundColours, GroundNews, GroundOrder, Order, TileArchive } from './contract.js' */

/** @typedef {Worker | MessagePort} Port */

/** One painter serves all the page's maps. @type {Promise<Port> | null} */
let painter = null
/** @type {Map<number, Ground>} */
const grounds = new Map()
/** @type {Map<number, (picture: ImageBitmap | null) => void>} */
const orders = new Map()
let count = 0

export class Ground {
  /** Names reach into these from tiles that came later. @type {(tiles: string[]) => void} */
  onStale = () => {}
  #number = count += 1
  #port
  /** @type {(ok: boolean) => void} */
  #opened = () => {}

  /** @param {Port} port @param {{ archive: TileArchive | null, onLost: () => void }} how */
  constructor(port, { archive, onLost }) {
    this.#port = port
    this.archive = archive
    this.onLost = onLost
  }

  /**
   * @param {string | TileArchive} source
   * @param {GroundColours} colours
   * @param {() => void} onLost  A tile did not come.
   */
  static async open(source, colours, onLost) {
    const archive = typeof source === 'string' ? null : source
    const [port, header] = await Promise.all([hired(), archive?.getHeader()])
    const ground = new Ground(port, { archive, onLost })
    const opened = new Promise((/** @type {(ok: boolean) => void} */ tell) => { ground.#opened = tell })
    grounds.set(ground.#number, ground)
    ground.#send({ do: 'open', ground: ground.#number, source: archive === null ? /** @type {string} */ (source) : null, colours, maxZoom: header?.maxZoom ?? 0 })
    if (await opened) return ground
    ground.close()
    throw new Error('the basemap cannot be read')
  }

  /**
   * @param {Order} what
   * @returns {{ order: number, picture: Promise<ImageBitmap | null> }}  Null: it was given up.
   */
  paint(what) {
    const order = count += 1
    const picture = new Promise((/** @type {(picture: ImageBitmap | null) => void} */ have) => orders.set(order, have))
    this.#send({ do: 'paint', ground: this.#number, order, ...what })
    return { order, picture }
  }

  /** @param {number} order */
  drop(order) {
    this.#send({ do: 'drop', order })
  }

  close() {
    grounds.delete(this.#number)
    this.#send({ do: 'close', ground: this.#number })
  }

  /** @param {Exclude<GroundNews, { is: 'here' } | { is: 'painted' }>} news */
  hear(news) {
    if (news.is === 'open') this.#opened(news.ok)
    else if (news.is === 'stale') this.onStale(news.tiles)
    else if (news.is === 'lost') this.onLost()
    else void this.#fetch(news)
  }

  /** @param {{ ask: number, z: number, x: number, y: number }} wanted */
  async #fetch({ ask, z, x, y }) {
    const found = await this.archive?.getZxy(z, x, y).catch(() => { this.onLost(); return undefined })
    const data = found?.data ?? null
    this.#send({ do: 'have', ask, data }, data === null ? [] : [data])
  }

  /** @param {GroundOrder} order @param {Transferable[]} [moved] */
  #send(order, moved = []) {
    this.#port.postMessage(order, moved)
  }
}

function hired() {
  painter ??= hire().catch((error) => { painter = null; throw error })
  return painter
}

/** A thread of its own; where there is none, or it does not come, the page itself. @returns {Promise<Port>} */
async function hire() {
  const url = document.querySelector('meta[name="basemap"]')?.getAttribute('data-painter') ?? ''
  const port = await aThread(url).catch(() => inThePage(url))
  port.onmessage = ({ data }) => hear(data)
  return port
}

/** @param {string} url @returns {Promise<Port>} */
async function aThread(url) {
  if (typeof OffscreenCanvas === 'undefined') throw new Error('a thread could not paint')
  const worker = new Worker(url, { type: 'module' })
  await new Promise((resolve, reject) => {
    worker.onmessage = resolve
    worker.onerror = reject
  })
  return worker
}

/** @param {string} url @returns {Promise<Port>} */
async function inThePage(url) {
  const { serve } = await import(url)
  const { port1, port2 } = new MessageChannel()
  serve(port2)
  return port1
}

/** @param {GroundNews} news */
function hear(news) {
  if (news.is === 'painted') {
    orders.get(news.order)?.(news.picture)
    orders.delete(news.order)
  } else if (news.is !== 'here') {
    grounds.get(news.ground)?.hear(news)
  }
}

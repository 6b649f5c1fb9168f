// @ts-check

/**
 * A part of the basemap kept on the device, to draw maps without a network.
 *
 * The tiles of a zone are taken out of the PMTiles file by HTTP Range: they lie beside each other
 * there, so a zone is a few requests and no server has to cut anything. They are kept as one body in
 * Cache Storage (which cannot hold partial answers) with an index beside it; the index is written
 * last, so that what broke off half-way is never taken for a pack.
 */

import { PMTiles, findTile, zxyToTileId } from 'pmtiles'

/** @import { Header } from 'pmtiles' */
/** @import { Bounds, LatLng, TileArchive } from './contract.js' */

const CACHE = 'recobro-maps'
const MOST_BYTES = 8 * 1024 * 1024
const LEAST_DEEP = 12 // zoom below which a map of a zone is of no use
const JOIN_BYTES = 32 * 1024 // bytes between two tiles that are cheaper to take along than to skip
const LONGEST_BYTES = 1024 * 1024 // of one request, so that progress is seen

/**
 * @typedef {object} PackFacts
 * @property {string} id
 * @property {string} source  Address it was cut from.
 * @property {Bounds} bounds
 * @property {number} maxZoom
 * @property {number} bytes
 * @property {number} tiles
 * @property {string} at  When, as an ISO instant.
 */

/** @typedef {PackFacts & { compression: number, index: Record<string, [number, number]> }} PackIndex */
/** @typedef {{ id: number, offset: number, length: number }} Wanted */

export function packsAreSupported() {
  return typeof caches !== 'undefined' && typeof DecompressionStream !== 'undefined'
}

/** Packs that are on this device, newest first. @returns {Promise<PackFacts[]>} */
export async function packs() {
  const cache = await caches.open(CACHE)
  const indexes = (await cache.keys()).filter(({ url }) => url.endsWith('.json'))
  const found = await Promise.all(indexes.map(async (key) => /** @type {PackIndex} */ (await (await cache.match(key))?.json())))
  return found.map(factsOf).sort((a, b) => b.at.localeCompare(a.at))
}

/**
 * Download the map of a zone. An older pack of the same id stays until this one is whole.
 *
 * @param {object} order
 * @param {string} order.id  Such as the agent's day or zone; one pack of each id is kept.
 * @param {string} order.source  `basemapUrl()`.
 * @param {Bounds} order.bounds  `boundsOf(stops, 1500)`.
 * @param {(done: number, total: number) => void} [order.onProgress]  In bytes.
 * @param {AbortSignal} [order.signal]
 * @param {number} [order.mostBytes]  Beyond it the deepest zooms are left out, down to the quarter.
 * @returns {Promise<PackFacts>}
 */
export async function downloadPack({ id, source, bounds, onProgress = () => {}, signal, mostBytes = MOST_BYTES }) {
  const archive = new PMTiles(source)
  const header = await archive.getHeader()
  let deepest = header.maxZoom
  let wanted = await entriesOf(archive, header, bounds, deepest)
  while (weight(wanted) > mostBytes && deepest > LEAST_DEEP) {
    deepest -= 1
    wanted = await entriesOf(archive, header, bounds, deepest)
  }
  const total = weight(wanted)
  /** @type {Blob[]} */
  const parts = []
  /** @type {PackIndex['index']} */
  const index = {}
  let done = 0
  const unique = [...new Map(wanted.map((tile) => [tile.offset, tile])).values()].sort((a, b) => a.offset - b.offset)
  /** @type {Map<number, number>} */
  const places = new Map()
  for (const run of runs(unique)) {
    signal?.throwIfAborted()
    const { data } = await archive.source.getBytes(header.tileDataOffset + run.offset, run.length, signal, header.etag)
    for (const tile of run.tiles) {
      places.set(tile.offset, done)
      parts.push(new Blob([data.slice(tile.offset - run.offset, tile.offset - run.offset + tile.length)]))
      done += tile.length
    }
    onProgress(done, total)
  }
  for (const tile of wanted) index[tile.id] = [/** @type {number} */ (places.get(tile.offset)), tile.length]
  /** @type {PackIndex} */
  const made = {
    id, source, bounds, maxZoom: deepest, bytes: done, tiles: wanted.length, at: new Date().toISOString(),
    compression: header.tileCompression, index,
  }
  const cache = await caches.open(CACHE)
  const [bodyKey, indexKey] = keysOf(id)
  await cache.delete(indexKey)
  await cache.put(bodyKey, new Response(new Blob(parts), { headers: { 'Content-Type': 'application/octet-stream' } }))
  await cache.put(indexKey, Response.json(made))
  return factsOf(made)
}

/** @param {PackIndex} pack @returns {PackFacts} */
function factsOf({ id, source, bounds, maxZoom, bytes, tiles, at }) {
  return { id, source, bounds, maxZoom, bytes, tiles, at }
}

/**
 * What `openMap` takes as its source; null when there is no such pack.
 * @param {string} id
 * @returns {Promise<(TileArchive & { facts: PackFacts }) | null>}
 */
export async function openPack(id) {
  const cache = await caches.open(CACHE)
  const [bodyKey, indexKey] = keysOf(id)
  const [body, listed] = await Promise.all([cache.match(bodyKey), cache.match(indexKey)])
  if (body === undefined || listed === undefined) return null
  /** @type {PackIndex} */
  const pack = await listed.json()
  const { index, compression, maxZoom } = pack
  const whole = await body.blob() // stays on disk: pieces of it are read when they are drawn
  return {
    facts: factsOf(pack),
    getHeader: async () => ({ maxZoom }),
    getZxy: async (z, x, y) => {
      const place = index[zxyToTileId(z, x, y)]
      if (place === undefined) return undefined
      return { data: await unpacked(whole.slice(place[0], place[0] + place[1]), compression) }
    },
  }
}

/** @param {string} id */
export async function deletePack(id) {
  const cache = await caches.open(CACHE)
  await Promise.all(keysOf(id).map((key) => cache.delete(key)))
}

/**
 * The tiles that cover a box, from the whole world down to one zoom.
 * @param {Bounds} bounds @param {number} deepest
 * @returns {[number, number, number][]}
 */
export function tilesOf([southWest, northEast], deepest) {
  /** @type {[number, number, number][]} */
  const tiles = []
  for (let z = 0; z <= deepest; z += 1) {
    const [left, bottom] = tileAt(southWest, z)
    const [right, top] = tileAt(northEast, z)
    for (let x = left; x <= right; x += 1) for (let y = top; y <= bottom; y += 1) tiles.push([z, x, y])
  }
  return tiles
}

/** @param {LatLng} point @param {number} z @returns {[number, number]} */
function tileAt({ lat, lng }, z) {
  const side = 2 ** z
  const bent = Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI
  const clamp = (/** @type {number} */ value) => Math.min(side - 1, Math.max(0, Math.floor(value)))
  return [clamp(((lng + 180) / 360) * side), clamp(((1 - bent) / 2) * side)]
}

/**
 * Where the tiles of a box lie in the file; those it has none of are left out.
 * @param {PMTiles} archive @param {Header} header @param {Bounds} bounds @param {number} deepest
 */
async function entriesOf(archive, header, bounds, deepest) {
  /** @type {Wanted[]} */
  const found = []
  for (const [z, x, y] of tilesOf(bounds, deepest)) {
    if (z < header.minZoom) continue
    const id = zxyToTileId(z, x, y)
    let [offset, length] = [header.rootDirectoryOffset, header.rootDirectoryLength]
    for (let depth = 0; depth <= 3; depth += 1) {
      const entry = findTile(await archive.cache.getDirectory(archive.source, offset, length, header), id)
      if (entry === null) break
      if (entry.runLength > 0) {
        found.push({ id, offset: entry.offset, length: entry.length })
        break
      }
      ;[offset, length] = [header.leafDirectoryOffset + entry.offset, entry.length]
    }
  }
  return found
}

/** Bytes, each stored tile once. @param {Wanted[]} wanted */
function weight(wanted) {
  return [...new Map(wanted.map(({ offset, length }) => [offset, length])).values()].reduce((sum, length) => sum + length, 0)
}

/**
 * Neighbours in the file, to be asked for together.
 * @param {Wanted[]} tiles  In order of the file.
 * @returns {{ offset: number, length: number, tiles: Wanted[] }[]}
 */
export function runs(tiles) {
  /** @type {{ offset: number, length: number, tiles: Wanted[] }[]} */
  const found = []
  for (const tile of tiles) {
    const last = found[found.length - 1]
    const end = tile.offset + tile.length
    if (last !== undefined && tile.offset - (last.offset + last.length) <= JOIN_BYTES && end - last.offset <= LONGEST_BYTES) {
      last.length = Math.max(last.length, end - last.offset)
      last.tiles.push(tile)
    } else {
      found.push({ offset: tile.offset, length: tile.length, tiles: [tile] })
    }
  }
  return found
}

/** @param {Blob} blob @param {number} compression  PMTiles' number: 2 is gzip. */
async function unpacked(blob, compression) {
  if (compression !== 2) return blob.arrayBuffer()
  return new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
}

/** @param {string} id */
function keysOf(id) {
  return ['bin', 'json'].map((kind) => `/.maps/${encodeURIComponent(id)}.${kind}`)
}

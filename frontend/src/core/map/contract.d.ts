/** What goes onto a map. Points are WGS 84 degrees, distances metres, instants ISO 8601 UTC. */

export interface LatLng { lat: number; lng: number }

/** South-west and north-east corners. */
export type Bounds = [LatLng, LatLng]

/** What tiles are read from: a PMTiles file on the network, or a pack kept on the device. */
export interface TileArchive {
  getHeader(): Promise<{ maxZoom: number }>
  getZxy(z: number, x: number, y: number, signal?: AbortSignal): Promise<{ data: ArrayBuffer } | undefined>
}

/** How a ground is dressed. */
export interface GroundColours { dark: boolean, language: string }

/** A tile of the page's; `scale` is pixels of the screen for one of the page. */
export interface Order { z: number, x: number, y: number, scale: number }

/** What a page says to whoever paints its ground. */
export type GroundOrder =
  /** `source` null: the page reads the tiles, which are there down to `maxZoom`. */
  | { do: 'open', ground: number, source: string | null, colours: GroundColours, maxZoom: number }
  | { do: 'close', ground: number }
  | ({ do: 'paint', ground: number, order: number } & Order)
  | { do: 'drop', order: number }
  | { do: 'have', ask: number, data: ArrayBuffer | null }

/** What comes back. */
export type GroundNews =
  | { is: 'here' }
  | { is: 'open', ground: number, ok: boolean }
  | { is: 'painted', order: number, picture: ImageBitmap | null }
  | { is: 'stale', ground: number, tiles: string[] }
  | { is: 'lost', ground: number }
  | { is: 'asking', ground: number, ask: number, z: number, x: number, y: number }

export interface MapWords {
  /** What a screen reader calls the map. */
  name: string
  zoomIn: string
  zoomOut: string
  /** Who made the basemap, shown in its corner. */
  attribution: string
}

export interface MapOptions {
  words: MapWords
  /** `es`, `en` or `pt`: names on the basemap. */
  language: string
  /** Address of a PMTiles file or an archive; null draws on empty ground. */
  source: string | TileArchive | null
  /** What to show first. */
  view: Bounds | { centre: LatLng, zoom: number }
  /** The person moved or zoomed. */
  onMove?: (view: { centre: LatLng, zoom: number }) => void
  /** A click beside everything that can be picked. */
  onClick?: (at: LatLng) => void
  /** Whether the basemap can be read; what is drawn on it stays either way. */
  onGround?: (there: boolean) => void
}

export type AgentState = 'moving' | 'stopped' | 'visiting' | 'silent' | 'off'

export interface AgentMark extends LatLng {
  id: string
  name: string
  state: AgentState
  accuracy_m: number | null
  /** Degrees from north, of those who move. */
  heading?: number | null
  alarm?: boolean
}

export interface TrailPoint extends LatLng { at: string }

export interface Trail {
  points: TrailPoint[]
  stops: (LatLng & { label: string, title: string })[]
  visits: (LatLng & { id: string, tone: 'good' | 'warn' | 'bad', title: string })[]
}

export interface Area {
  id: string
  name: string
  polygon: LatLng[]
  /** Instead of the polygon: several, each its outer ring and those of its holes. */
  outline?: LatLng[][][]
  /** `#rrggbb`; the sheet's own where none is given. */
  colour?: string
  tone?: 'zone' | 'chosen' | 'near'
}

/** A cell of a grid that areas are made of. */
export interface GridCell { cell: string, border: LatLng[] }

/** `share`: how full its colour is, 0 to 1; null: too little is known. */
export interface ShadedCell { id: string, border: LatLng[], share: number | null, chosen: boolean, title: string }

export interface Circle extends LatLng { radius_m: number, tone?: 'fence' | 'fix' | 'bad' }

export interface Mark extends LatLng {
  id: string
  /** Empty: nothing to say, nothing to press. */
  title: string
  kind: 'debt' | 'chosen' | 'address' | 'photo' | 'fix' | 'here' | 'stop' | 'done'
  label?: string
}

"""A zone's map on the device: downloaded in few requests, drawn with the radio off."""

import re
from pathlib import Path

import pytest

from frontend.e2e.harness import load

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

CODE = """
import { Ground } from './src/core/map/ground.js'
import { openMap, basemapUrl, mapWords } from './src/core/map/index.js'
import { deletePack, downloadPack, openPack, packs } from './src/core/map/pack.js'
const bounds = [{ lat: 19.41, lng: -99.16 }, { lat: 19.44, lng: -99.12 }]
const colours = (canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, 256, 256)
  const pixels = Array.from({ length: 4096 }, (_, at) => data.slice(at * 64, at * 64 + 3).join())
  return new Set(pixels).size
}
window.pack = {
  inked: () => Math.max(...[...document.querySelectorAll('#offline-map canvas')].map(colours)),
  download: async (id, more = {}) => {
    const seen = []
    const onProgress = (done, total) => seen.push([done, total])
    const facts = await downloadPack({ id, source: basemapUrl(), bounds, onProgress, ...more })
    return { facts, seen }
  },
  broken: async (id) => {
    const order = { id, source: basemapUrl(), bounds, signal: AbortSignal.abort() }
    return downloadPack(order).then(() => 'whole', () => 'broken')
  },
  list: packs,
  remove: deletePack,
  painter: async () => {
    const nothing = { getHeader: async () => ({ maxZoom: 14 }), getZxy: async () => undefined }
    await Ground.open(nothing, { dark: false, language: 'es' }, () => {})
  },
  open: async (id) => {
    const source = await openPack(id)
    if (source === null) return false
    const place = document.createElement('div')
    place.id = 'offline-map'
    place.style.cssText = 'position:fixed;inset:0;z-index:9999'
    document.body.append(place)
    const view = { centre: { lat: 19.425, lng: -99.14 }, zoom: 14 }
    window.map = await openMap(place, { words: mapWords('x'), language: 'es', source, view })
    return true
  },
}
"""


@pytest.fixture
def map_page(signed_in: "sync_api.Page", tmp_path: Path) -> "sync_api.Page":
    """The map's page with the pack's functions at hand."""
    signed_in.goto("/panel/mapa/")
    signed_in.locator(".leaflet-tile-loaded").first.wait_for(state="attached")
    load(signed_in, CODE, tmp_path / "harness.js")
    return signed_in


def test_a_zone_is_kept_and_drawn_without_a_network(map_page: "sync_api.Page") -> None:
    asked: list[str] = []
    map_page.on("request", lambda r: asked.append(r.url) if ".pmtiles" in r.url else None)
    told = map_page.evaluate("() => window.pack.download('zona')")
    assert told["facts"]["tiles"] > 20
    assert told["facts"]["bytes"] < 2_000_000
    assert told["seen"][-1] == [told["facts"]["bytes"]] * 2
    assert len(asked) < told["facts"]["tiles"] / 2
    # The phone's service worker keeps the painter's script; this page has none.
    map_page.evaluate("() => window.pack.painter()")
    map_page.context.set_offline(True)
    asked.clear()
    assert map_page.evaluate("() => window.pack.open('zona')")
    tiles = map_page.locator("#offline-map .leaflet-tile-loaded")
    tiles.first.wait_for(state="attached")
    # Streets and blocks, not a blank.
    map_page.wait_for_function("() => window.pack.inked() > 3")
    map_page.evaluate("() => window.map.lookAt({ lat: 19.43, lng: -99.13 }, 16)")
    tiles.first.wait_for(state="attached")
    assert asked == []


def test_what_broke_off_is_no_pack_and_the_older_one_stays(map_page: "sync_api.Page") -> None:
    assert map_page.evaluate("() => window.pack.broken('zona')") == "broken"
    assert map_page.evaluate("() => window.pack.list()") == []
    map_page.evaluate("() => window.pack.download('zona')")
    before = map_page.evaluate("() => window.pack.list()")
    map_page.route(re.compile(r"\.pmtiles$"), lambda route: route.abort())
    failed = map_page.evaluate("() => window.pack.download('zona').then(() => '', e => e.message)")
    assert failed
    assert map_page.evaluate("() => window.pack.list()") == before
    assert map_page.evaluate("() => window.pack.open('otra')") is False


def test_a_pack_that_would_be_too_large_is_less_deep(map_page: "sync_api.Page") -> None:
    whole = map_page.evaluate("() => window.pack.download('a')")["facts"]
    less = map_page.evaluate("() => window.pack.download('b', { mostBytes: 150000 })")["facts"]
    assert (whole["maxZoom"], less["maxZoom"]) == (14, 12)
    assert less["bytes"] < whole["bytes"]
    map_page.evaluate("() => window.pack.remove('a')")
    assert [one["id"] for one in map_page.evaluate("() => window.pack.list()")] == ["b"]

"""
Build the site: pages in three languages, scripts and styles under content-hashed names.

    python frontend/build.py            frontend/dist, ready to serve or to put on a bucket
    python frontend/build.py --check    build into a scratch folder; say whether it works

Maps are drawn from one PMTiles file: the demo's own (``local.basemap``) unless RECOBRO_BASEMAP
names another on the same origin, such as ``/media/mapas/mexico.pmtiles`` (docs/maps.md).

``dist/manifest.json`` lists what was made: every page with the files its first load needs, and
every file with whether its name changes with its content (then it may be cached for ever).

A page that says ``"app": true`` is one that telephones install: beside it, in each language, go its
web manifest and its service worker, which begins with the list of all that the page can ever load.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apps
import jinja2
from tools import tool

HERE = Path(__file__).resolve().parent
LANGUAGES = ("es", "en", "pt")
SHARED_TEXTS = ("common", "errors")
STYLES = {"main": "site", "map": "map", "field": "field"}  # sheet -> stem of what is built from it
TABS = 4
WIDEST_FIRST = ("", "staff", "admin")
API_TEXTS = HERE.parent / "chalicelib" / "i18n"


@dataclass
class Site:
    """What has been built so far, and where it goes."""

    out: Path
    files: dict[str, bool] = field(default_factory=dict)  # path from the root -> immutable?

    def write(self, path: str, content: bytes, *, immutable: bool = False) -> str:
        """Put a file at a path such as ``panel/index.html``; returns its URL."""
        target = self.out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.files[path] = immutable
        return "/" + path

    def write_hashed(self, stem: str, suffix: str, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()[:10]
        return self.write(f"assets/{stem}-{digest}{suffix}", content, immutable=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--out", type=Path, default=HERE / "dist")
    parser.add_argument("--check", action="store_true", help="build into a scratch folder only")
    args = parser.parse_args()
    install_packages()
    if args.check:
        with tempfile.TemporaryDirectory() as scratch:
            build(Path(scratch) / "dist")
        return 0
    pages = build(args.out)
    print(f"built {pages} pages into {args.out}")
    return 0


def build(out: Path) -> int:
    """
    Build everything into ``out``, which changes only when the whole build has worked.

    Returns:
        The number of pages.
    """
    staging = out.with_name(out.name + ".new")
    shutil.rmtree(staging, ignore_errors=True)
    site = Site(staging)
    listed = json.loads((HERE / "pages" / "pages.json").read_text("utf-8"))
    catalogue = listed["pages"]
    scripts = bundle_scripts(site, catalogue)
    style_urls = {name: bundle_styles(site, name) for name in STYLES}
    map_parts = MapParts(style_urls["map"], basemap(site))
    static = {
        file.name: site.write_hashed(file.stem, file.suffix, file.read_bytes())
        for file in sorted((HERE / "static").glob("*"))
        if file.name != "robots.txt"
    }
    site.write("robots.txt", b"User-agent: *\nDisallow: /\n")
    menu = menu_of(catalogue, listed["groups"])
    pages = render_pages(
        site, catalogue, menu=menu, scripts=scripts, style_urls=style_urls, map_parts=map_parts,
        static=static,
    )  # fmt: skip
    worker = bundle_worker()
    for page in pages:
        if page["app"]:
            write_app(site, page, worker=worker, scripts=scripts, static=static)
    manifest = {
        "pages": pages,
        "files": [
            {"path": path, "immutable": immutable} for path, immutable in sorted(site.files.items())
        ],
    }
    site.write("manifest.json", json.dumps(manifest, indent=1).encode())
    shutil.rmtree(out, ignore_errors=True)
    staging.rename(out)
    return len(pages)


# Texts


def texts_of(area: str, language: str) -> dict[str, str]:
    """
    Texts of one area, keyed ``area.key``; the API's own error texts join the errors.

    An area that only the API has is taken from there, keyed as it is.
    """
    file = HERE / "i18n" / f"{area}.{language}.json"
    if not file.exists():
        shared: dict[str, str] = json.loads((API_TEXTS / file.name).read_text("utf-8"))
        return shared
    own = json.loads(file.read_text("utf-8"))
    texts = {f"{area}.{key}": text for key, text in own.items()}
    if area == "errors":
        api = API_TEXTS / f"errors.{language}.json"
        if api.exists():
            for key, text in json.loads(api.read_text("utf-8")).items():
                texts.setdefault(f"errors.{key}", text)
    return texts


def page_texts(areas: Iterable[str], language: str) -> dict[str, str]:
    merged: dict[str, str] = {}
    for area in areas:
        merged |= texts_of(area, language)
    return merged


# Scripts and styles


@dataclass
class Scripts:
    entries: dict[str, str]  # source path -> URL
    chunks: dict[str, list[str]]  # source path -> URLs of the chunks it needs at once
    later: dict[str, list[str]]  # source path -> URLs of what it may load when it is asked for


def bundle_scripts(site: Site, catalogue: list[dict[str, Any]]) -> Scripts:
    """Bundle every page's entry with shared chunks; names carry the content's hash."""
    entries = sorted({page["entry"] for page in catalogue if "entry" in page})
    with tempfile.TemporaryDirectory() as scratch:
        meta_file = Path(scratch) / "meta.json"
        esbuild(
            *entries,
            "src/theme-early.js",
            "--bundle",
            "--splitting",
            "--format=esm",
            "--target=es2022",
            "--minify",
            "--legal-comments=none",
            "--entry-names=[name]-[hash]",
            "--chunk-names=part-[hash]",
            f"--outdir={scratch}/out",
            f"--metafile={meta_file}",
        )
        meta = json.loads(meta_file.read_text("utf-8"))
        urls = {}
        for output in meta["outputs"]:
            built = HERE / output
            urls[output] = site.write(f"assets/{built.name}", built.read_bytes(), immutable=True)
    by_entry = {
        facts["entryPoint"]: name
        for name, facts in meta["outputs"].items()
        if "entryPoint" in facts
    }
    return Scripts(
        entries={entry: urls[name] for entry, name in by_entry.items()},
        chunks={
            entry: [urls[n] for n in imports(meta, name, AT_ONCE)]
            for entry, name in by_entry.items()
        },
        later={
            entry: [urls[n] for n in imports(meta, name, EVER)] for entry, name in by_entry.items()
        },
    )


AT_ONCE = {"import-statement"}
EVER = {"import-statement", "dynamic-import"}


def imports(meta: dict[str, Any], output: str, kinds: set[str]) -> list[str]:
    """Outputs that ``output`` leads to by links of these kinds, nearest first."""
    found: list[str] = []
    waiting = [output]
    while waiting:
        for link in meta["outputs"][waiting.pop(0)]["imports"]:
            # A page's texts are imported by an address that only the page knows.
            known = link["path"] in meta["outputs"]
            if known and link["kind"] in kinds and link["path"] not in found:
                found.append(link["path"])
                waiting.append(link["path"])
    return found


def bundle_styles(site: Site, sheet: str) -> str:
    stem = STYLES[sheet]
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / f"{stem}.css"
        esbuild(
            f"styles/{sheet}.css",
            "--bundle",
            "--minify",
            "--target=chrome123,firefox120,safari17.5",
            f"--outfile={target}",
        )
        return site.write_hashed(stem, ".css", target.read_bytes())


def bundle_worker() -> bytes:
    """The service worker of installed pages, without its list."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "sw.js"
        esbuild(
            "src/field/sw.js",
            "--bundle",
            "--format=iife",
            "--target=es2022",
            "--minify",
            f"--outfile={target}",
        )
        return target.read_bytes()


def write_app(
    site: Site, page: dict[str, Any], *, worker: bytes, scripts: Scripts, static: dict[str, str]
) -> None:
    """The web manifest and the service worker of a page that is installed."""
    folder, texts = page["url"].lstrip("/"), texts_of("field", page["language"])
    described = apps.web_manifest(page["url"], page["language"], texts, static)
    files = ["/" + name for name in (*page["first_load"], *page["later"]) if name != page["file"]]
    files += [url for url in scripts.later[page["entry"]] if url not in files]
    files += [site.write(f"{folder}manifest.webmanifest", described)]
    files += [static["favicon.svg"], static["icon-192.png"]]
    html = (site.out / page["file"]).read_bytes()
    site.write(f"{folder}sw.js", apps.service_worker(page["url"], html, files, worker))


# Maps


@dataclass
class MapParts:
    """What pages with a map get besides: at once (true), or when it is opened (``"later"``)."""

    style_url: str
    basemap_url: str


def basemap(site: Site) -> str:
    """URL of the PMTiles file that maps are drawn from."""
    named = os.environ.get("RECOBRO_BASEMAP", "")
    if named:
        return named
    with tempfile.TemporaryDirectory() as scratch:
        drawn = Path(scratch) / "basemap.pmtiles"
        subprocess.run(
            [sys.executable, "-m", "local.basemap", str(drawn)], cwd=HERE.parent, check=True
        )
        return site.write_hashed("basemap", ".pmtiles", drawn.read_bytes())


def esbuild(*arguments: str) -> None:
    command = [
        tool("node"),
        str(HERE / "node_modules" / "esbuild" / "bin" / "esbuild"),
        *arguments,
        "--log-level=warning",
    ]
    subprocess.run(command, cwd=HERE, check=True)


def install_packages() -> None:
    """``npm ci`` when the lock has changed since the last time."""
    lock = HERE / "package-lock.json"
    stamp = HERE / "node_modules" / ".lock-digest"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    subprocess.run(
        [tool("npm"), "ci", "--no-progress"], cwd=HERE, check=True, env={**os.environ, "PATH": path}
    )
    stamp.write_text(digest)


# Pages


def menu_of(catalogue: list[dict[str, Any]], groups: list[str]) -> list[dict[str, Any]]:
    """
    The navigation, from what each page says of itself: ``{"group", "icon", "who"?, "tab"?}``.

    Entries keep the catalogue's order. ``who`` is ``staff``, ``admin`` or absent for everyone; a
    group is seen by whoever sees any of its entries, and one without entries is left out. ``tab``
    puts an entry into a telephone's bar, which has room for four beside "more".

    Raises:
        ValueError: a page names a group that is not listed, or the bar is over-full.
    """
    entries = [{"name": page["name"], **page["menu"]} for page in catalogue if "menu" in page]
    strays = {entry["group"] for entry in entries} - set(groups)
    if strays:
        raise ValueError(f"pages.json: no such group: {', '.join(sorted(strays))}")
    if sum(entry.get("tab", False) for entry in entries) > TABS:
        raise ValueError(f"pages.json: more than {TABS} tabs")
    menu = []
    for name in groups:
        own = [{"who": "", "tab": False, **each} for each in entries if each["group"] == name]
        if own:
            who = min((each["who"] for each in own), key=WIDEST_FIRST.index)
            menu.append({"name": name, "who": who, "entries": own})
    return menu


def render_pages(
    site: Site,
    catalogue: list[dict[str, Any]],
    *,
    menu: list[dict[str, Any]],
    scripts: Scripts,
    style_urls: dict[str, str],
    map_parts: MapParts,
    static: dict[str, str],
) -> list[dict[str, Any]]:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    icons = icon_paths()
    paths = page_paths()
    theme_url = scripts.entries["src/theme-early.js"]
    made = []
    for page in catalogue:
        entry_url = scripts.entries.get(page.get("entry", ""))
        chunk_urls = scripts.chunks.get(page.get("entry", ""), [])
        style_url = style_urls[page.get("style", "main")]
        for language in LANGUAGES:
            # Refusals are not met before an installed page stands: they come with what is later.
            later = [*page.get("later", ()), *(["errors"] if page.get("app") else [])]
            areas = (*SHARED_TEXTS, *page.get("texts", ()))
            texts = page_texts([area for area in areas if area not in later], language)
            later_texts = page_texts(later, language)
            name = page["name"]
            texts_url = write_texts(site, name, language, texts) if entry_url else ""
            later_url = write_texts(site, f"{name}-later", language, later_texts) if later else ""
            html = environment.get_template(f"{page['template']}.html.jinja").render(
                page=page,
                menu=menu,
                nav=page.get("nav", page["name"]),
                language=language,
                languages=LANGUAGES,
                t=finder(texts, page["name"], language),
                path=lambda name, lang=language: localised(paths[name], lang),
                here=lambda lang, path=page["path"]: localised(path, lang),
                asset=static.__getitem__,
                icon_path=icons.__getitem__,
                style_url=style_url,
                map_parts=map_parts if page.get("map") else None,
                theme_url=theme_url,
                texts_url=texts_url,
                later_url=later_url,
                entry_url=entry_url,
                chunk_urls=chunk_urls,
            )
            url = localised(page["path"], language)
            file = url.lstrip("/") + ("index.html" if url.endswith("/") else "")
            site.write(file, html.encode())
            first_load = [file, style_url, theme_url, texts_url, entry_url, *chunk_urls]
            first_load += [map_parts.style_url] if page.get("map") is True else []
            later_files = [later_url, map_parts.style_url if page.get("map") == "later" else ""]
            made.append(
                {
                    "name": page["name"],
                    "language": language,
                    "url": url,
                    "file": file,
                    "entry": page.get("entry"),
                    "app": page.get("app", False),
                    "later": [url.lstrip("/") for url in later_files if url],
                    "first_load": [name.lstrip("/") for name in first_load if name],
                }
            )
    return made


def write_texts(site: Site, page: str, language: str, texts: dict[str, str]) -> str:
    """Texts travel as a module, so that they are preloaded and cached like the code."""
    content = "export default " + json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    return site.write_hashed(f"texts-{page}-{language}", ".js", content.encode())


def finder(texts: dict[str, str], page: str, language: str) -> Any:
    def find(key: str) -> str:
        for known in (key, f"common.{key}"):
            if known in texts:
                return texts[known]
        raise KeyError(f"page {page} ({language}) has no text {key}")

    return find


def localised(path: str, language: str) -> str:
    return path if language == "es" else f"/{language}{path}"


def page_paths() -> dict[str, str]:
    """Where the scripts think pages live, so that static and scripted links agree."""
    source = (HERE / "src" / "core" / "paths.js").read_text("utf-8")
    return dict(re.findall(r"^  (\w+): '(/[^']*)',$", source, re.MULTILINE))


def icon_paths() -> dict[str, str]:
    """The icons of the scripts, for the static part of the pages: one drawing, one place."""
    source = (HERE / "src" / "core" / "ui" / "icons.js").read_text("utf-8")
    return dict(re.findall(r"^  (\w+): '([^']+)',$", source, re.MULTILINE))


if __name__ == "__main__":
    raise SystemExit(main())

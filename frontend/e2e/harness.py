"""Code of the pages run on its own in a browser, for what no page shows by itself."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

FRONTEND = Path(__file__).resolve().parents[1]


def load(page: "Page", code: str, out: Path) -> None:
    """
    Bundle a module (imports relative to ``frontend/``) and run it in a page of the site.

    It comes from the site's own address, so that the strict content policy holds for it too.
    """
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    esbuild = FRONTEND / "node_modules" / "esbuild" / "bin" / "esbuild"
    command = [str(node), str(esbuild), "--bundle", "--format=esm", "--log-level=warning"]
    subprocess.run([*command, f"--outfile={out}"], input=code.encode(), cwd=FRONTEND, check=True)
    page.route("**/harness.js", lambda route: route.fulfill(path=out))
    page.evaluate("() => import('/harness.js').then(() => true)")

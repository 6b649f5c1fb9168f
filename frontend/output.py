"""What has been built of the site so far, and where it goes."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Site:
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

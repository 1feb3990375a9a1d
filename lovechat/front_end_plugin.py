"""Make the built front end independent of host and port.

Reflex writes the back end's address into one chunk of the bundle. The pages and the
websocket always share an origin here, so the chunk may ask the browser instead.
"""

import re
from pathlib import Path
from typing import Any

from reflex.plugins import Plugin

_ADDRESS = re.compile(r"""(["'`])(ws|http)s?://[^/"'`]+(/[^"'`]*)\1""")


class SameOriginPlugin(Plugin):
    """Rewrite the addresses in the built bundle to the page's own origin."""

    def post_build(self, *, static_dir: Path, **_: Any) -> None:
        """Rewrite before the compressed copies are written.

        Raises:
            SystemExit: the chunk is missing or has another form, as after an upgrade of Reflex.
        """
        replaced = 0
        for chunk in Path(static_dir).rglob("assets/reflex-env-*.js"):
            text, count = _ADDRESS.subn(_own_origin, chunk.read_text())
            chunk.write_text(text)
            replaced += count
        if not replaced:
            raise SystemExit("front end: the chunk with the back end's address was not recognised")


def _own_origin(match: re.Match[str]) -> str:
    quote, scheme, path = match.groups()
    origin = "location.origin" if scheme == "http" else "location.origin.replace(/^http/,'ws')"
    return f"{origin}+{quote}{path}{quote}"

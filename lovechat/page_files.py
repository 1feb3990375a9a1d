"""The prerendered pages, filled with text: one copy a language, ready to send.

Prerendering leaves `⟦key⟧`, or `⟦key?{"slot": …}⟧`, where a text belongs (see `assets/js/text.js`).
The browser renders the same text from the same catalogue, so nothing moves when it takes over.
"""

import gzip
import hashlib
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response

from lovechat.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, Language, catalogue, translate
from lovechat.ui.handshake import page_language

_PLACEHOLDER = re.compile(r"⟦([\w.]+)(?:\?(.*?))?⟧")
_LANGUAGE = re.compile(r"<html lang=\"\w+\"")


@dataclass(frozen=True, slots=True)
class _Copy:
    plain: bytes
    packed: bytes
    tag: str


class PageFiles:
    """All pages of a built front end in every language."""

    def __init__(self, folder: Path) -> None:
        """Read the pages of `folder`. Raises `KeyError` when one asks for an unknown text."""
        self._copies = {
            f"/{file.relative_to(folder).as_posix()}": {
                language: _copy(file.read_text(encoding="utf-8"), language) for language in LANGUAGES
            }
            for file in folder.rglob("*.html")
        }

    def find(self, path: str, pattern: str | None = None) -> str | None:
        """The file behind a page's address; `pattern` is the route for addresses with variable parts."""
        for name in (path.rstrip("/"), (pattern or "").rstrip("/")):
            for file in (f"{name}/index.html", f"{name}.html"):
                if file in self._copies:
                    return file
        return None

    def answer(self, file: str, headers: Headers, status: int = 200) -> Response:
        """The page in the language that the browser or the person chose."""
        language = page_language(headers.get("cookie", ""), headers.get("accept-language", ""))
        copy = self._copies[file][language or DEFAULT_LANGUAGE]
        common = {
            "Cache-Control": "no-cache",
            "Content-Language": language or DEFAULT_LANGUAGE,
            "ETag": copy.tag,
            "Vary": "Accept-Encoding, Accept-Language, Cookie",
        }
        if status == 200 and headers.get("if-none-match") == copy.tag:
            return Response(status_code=304, headers=common)
        if "gzip" in headers.get("accept-encoding", ""):
            common["Content-Encoding"] = "gzip"
            return Response(copy.packed, status, common, "text/html")
        return Response(copy.plain, status, common, "text/html")


def _copy(page: str, language: Language) -> _Copy:
    def text(match: re.Match[str]) -> str:
        key, slots = match.groups()
        if slots is None:
            return html.escape(catalogue(language)[key])
        return html.escape(translate(key, language, **json.loads(html.unescape(slots))))

    filled = _LANGUAGE.sub(f'<html lang="{language}"', _PLACEHOLDER.sub(text, page), count=1)
    plain = filled.encode()
    tag = f'W/"{hashlib.sha256(plain).hexdigest()[:20]}"'
    return _Copy(plain, gzip.compress(plain, mtime=0), tag)

"""Prerendered pages: each in the language that somebody reads, ready to send."""

import gzip
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from lovechat.core.i18n import DEFAULT_LANGUAGE, catalogue
from lovechat.page_files import PageFiles

PAGE = '<!DOCTYPE html><html lang="en"><body><h1>⟦login.title⟧</h1><p>{slot}</p></body></html>'
SLOT = "⟦discover.title?{&quot;name&quot;:&quot;&lt;b&gt;Ana&quot;}⟧"


@pytest.fixture
def pages(tmp_path: Path) -> PageFiles:
    (tmp_path / "login").mkdir()
    (tmp_path / "login" / "index.html").write_text(PAGE.replace("{slot}", SLOT), encoding="utf-8")
    (tmp_path / "404.html").write_text(PAGE, encoding="utf-8")
    return PageFiles(tmp_path)


def body(pages: PageFiles, **headers: str) -> str:
    return bytes(pages.answer("/login/index.html", Headers(headers)).body).decode()


def test_the_page_is_in_the_language_of_the_browser_or_of_the_choice(pages: PageFiles):
    for headers, language in (
        ({"accept-language": "en-GB,en;q=0.9"}, "en"),
        ({"accept-language": "fr, es-MX;q=0.5"}, "es"),
        ({"accept-language": "en", "cookie": "a=b; language=es"}, "es"),
        ({"accept-language": "en", "cookie": "language=xx"}, "en"),
        ({}, DEFAULT_LANGUAGE),
    ):
        page = body(pages, **headers)
        assert f'<html lang="{language}"' in page
        assert f"<h1>{catalogue(language)['login.title']}</h1>" in page
        assert "⟦" not in page


def test_what_fills_a_text_cannot_become_markup(pages: PageFiles):
    assert "&lt;b&gt;Ana" in body(pages)
    assert "<b>" not in body(pages)


def test_a_page_that_has_not_changed_is_not_sent_again(pages: PageFiles):
    first = pages.answer("/login/index.html", Headers({}))
    tag = first.headers["etag"]
    assert pages.answer("/login/index.html", Headers({"if-none-match": tag})).status_code == 304
    spanish = Headers({"if-none-match": tag, "accept-language": "es"})
    assert pages.answer("/login/index.html", spanish).status_code == 200
    assert "Cookie" in first.headers["vary"]


def test_it_is_packed_for_who_can_unpack_it(pages: PageFiles):
    packed = pages.answer("/login/index.html", Headers({"accept-encoding": "br, gzip"}))
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(bytes(packed.body)).decode() == body(pages)


def test_addresses_find_their_file(pages: PageFiles):
    assert pages.find("/login/") == pages.find("/login") == "/login/index.html"
    assert pages.find("/c/1", "/login") == "/login/index.html"
    assert pages.find("/../etc/passwd") is None


def test_an_unknown_text_stops_the_start(tmp_path: Path):
    (tmp_path / "x.html").write_text("⟦no.such.text⟧", encoding="utf-8")
    with pytest.raises(KeyError):
        PageFiles(tmp_path)

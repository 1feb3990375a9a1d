import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import lovechat
from lovechat.api import errors as api_errors
from lovechat.core.i18n import LANGUAGES, Language, catalogue, translate

PACKAGE = Path(lovechat.__file__).parent
# Calls whose first argument, when it is a text, is a code that people may meet.
RAISERS = {"LoveChatError": None, "LLMError": None, "not_found": "not_found", "problem_response": None}


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def raised_codes() -> set[str]:
    """Every code that the source gives to an error."""
    codes = set(api_errors.REPLY_ERRORS) | set(api_errors._HTTP_CODES.values())
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or called(node) not in RAISERS:
                continue
            texts = [
                a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)
            ]
            if not node.args and (default := RAISERS[called(node)]):
                texts = [default]
            codes.update(texts)
    return codes


def slots(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_search_for_codes_finds_the_known_ones():
    assert {
        "email_taken",
        "storage_unavailable",
        "not_found",
        "llm_cut",
        "request_too_large",
    } <= raised_codes()


@pytest.mark.parametrize("code", sorted(raised_codes()))
def test_every_code_has_its_text_in_both_languages(code: str):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", code)
    for language in LANGUAGES:
        assert catalogue(language).get(f"error.{code}"), f"error.{code} is missing in {language}.json"


def test_both_languages_have_the_same_keys():
    assert set(catalogue("es")) == set(catalogue("en"))


@pytest.mark.parametrize("key", sorted(catalogue("en")))
def test_a_text_has_the_same_slots_in_both_languages_and_is_not_blank(key: str):
    assert slots(catalogue("es")[key]) == slots(catalogue("en")[key])
    for language in LANGUAGES:
        text = catalogue(language)[key]
        assert text == text.strip() != ""


def test_the_texts_of_the_two_languages_are_not_copies():
    copies = [key for key, text in catalogue("en").items() if catalogue("es")[key] == text]
    assert len(copies) <= len(catalogue("en")) // 10  # names and the like may be the same


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_sorted_so_that_nothing_is_added_twice(language: Language):
    keys = list(catalogue(language))
    assert keys == sorted(keys)
    source = (PACKAGE / "locales" / f"{language}.json").read_text(encoding="utf-8")
    assert len(re.findall(r'^  "', source, re.MULTILINE)) == len(keys)


def test_an_unknown_key_is_an_error_and_not_an_empty_text():
    with pytest.raises(KeyError):
        translate("error.no_such_code", "en")

"""Text on screen in the language of the page, chosen in the browser without a round trip."""

from collections.abc import Iterable, Mapping
from typing import Any

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData
from reflex_base.vars.base import LiteralVar

from lovechat.core.i18n import LANGUAGES, catalogue

SCRIPT = "$/public/js/text.js"


def call(function: str, *arguments: Any, returns: type = str) -> rx.Var:
    """What a function of `assets/js/text.js` returns in the browser."""
    parts = [LiteralVar.create(argument) for argument in arguments]
    data = VarData.merge(
        VarData(imports={SCRIPT: [ImportVar(tag=function)]}),
        *(part._get_all_var_data() for part in parts),
    )
    expression = f"{function}({', '.join(str(part) for part in parts)})"
    return rx.Var(_js_expr=expression, _var_type=returns, _var_data=data).guess_type()


def t(key: str, **slots: Any) -> rx.Var[str]:
    """The text called `key` in the language of the page; slots may be state variables.

    Raises:
        KeyError: a catalogue lacks the key; it stops the build.
    """
    both = [catalogue(language)[key] for language in LANGUAGES]
    return call("tr", key, *both, slots) if slots else call("tr", key, *both)


def pick(prefix: str, key: rx.Var[str] | str, keys: Iterable[str], otherwise: str) -> rx.Var[str]:
    """The text `<prefix>.<key>` for a key that is known only at run time.

    Raises:
        KeyError: a catalogue lacks one of `keys`; it stops the build.
    """
    texts: Mapping[str, Mapping[str, str]] = {
        name: {language: catalogue(language)[f"{prefix}.{name}"] for language in LANGUAGES}
        for name in sorted({*keys, otherwise})
    }
    return call("pick", key, texts, otherwise)


def as_text(value: Any, unit: str = "") -> Any:
    """A number in digits, for attributes and styles."""
    digits: Any = rx.Var.create(value).to_string()
    return digits + unit if unit else digits

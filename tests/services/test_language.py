import pytest

from lovechat.core.i18n import Language
from lovechat.services.language import detect_language, preferred_language, reply_language


@pytest.mark.parametrize(
    "text",
    [
        "Hola",
        "¿Qué tal?",
        "cuéntame algo de ti",
        "no quiero hablar de eso",
        "No sé",
        "Estoy en casa con mi perro",
        "BUENAS NOCHES",
        "me gusta la lluvia",
        "y tú?",
        "Luna, ¿estás ahí?",
        "hola, quiero un weekend de relax",
    ],
)
def test_spanish_is_told_by_its_small_words_and_letters(text: str):
    assert detect_language(text) == "es"


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        "Hi Luna",
        "Good night, Luna",
        "How are you?",
        "I'm fine, it's raining",
        "tell me about your day",
        "he told me no",
        "He is not here",
        "No, I do not know",
        "what is the weather like in Málaga, and why?",
        "HELLO THERE",
    ],
)
def test_english_is_told_by_its_small_words(text: str):
    assert detect_language(text) == "en"


@pytest.mark.parametrize(
    "text", ["", "   ", "no", "No!", "me", "Luna", "ok", "42", "🙂🙂", "jajaja", "...", "今日は"]
)
def test_what_could_be_either_gives_no_sign(text: str):
    assert detect_language(text) is None


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, None),
        ("", None),
        ("es", "es"),
        ("en-GB", "en"),
        ("ES-mx", "es"),
        ("es-419,es;q=0.9", "es"),
        ("fr, en;q=0.8, es;q=0.7", "en"),
        ("en;q=0.5, es;q=0.9", "es"),
        ("en;q=0.5,es", "es"),
        ("es;q=0, en;q=0.1", "en"),
        ("es;q=0", None),
        ("fr-FR,de;q=0.5", None),
        ("*", None),
        ("est, eng-x", None),
        (";;;q=,,=", None),
        ("en;q=0.5;level=1, es;q=0.4", "en"),
        (",".join(["fr"] * 500 + ["es"]), None),
    ],
)
def test_a_header_asks_for_the_first_of_our_languages(header: str | None, language: Language | None):
    assert preferred_language(header) == language


@pytest.mark.parametrize(
    ("text", "earlier", "asked", "language"),
    [
        ("Hola, ¿qué tal?", ["Hello there"], "en", "es"),
        ("Hello there", ["Hola, ¿qué tal?"], "es", "en"),
        ("ok", ["Hello there", "¿y tú?"], "en", "es"),
        ("ok", ["¿y tú?", "Hello there", "42"], "es", "en"),
        ("ok", ["42"], "es", "es"),
        ("ok", [], None, "en"),
    ],
)
def test_the_reply_speaks_as_the_message_or_else_as_the_latest_that_tells(
    text: str, earlier: list[str], asked: Language | None, language: Language
):
    assert reply_language(text, earlier, asked) == language

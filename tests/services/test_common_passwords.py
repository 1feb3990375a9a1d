import pytest

from lovechat.services.common_passwords import is_common_password

ABOUT = ("Maria.Luz@Example.org", "María Luz Pérez")


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "password123",
        "PASSWORD123",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "ababababab",
        "AaAaAaAaAa",
        "lovechat1234",
        "LoveChat1234",
        "Contraseña1",
        "maria.luz@example.org",
        "MARIA.LUZ",
        "maría luz pérez",
    ],
)
def test_what_a_stranger_would_try_first_is_common(password: str):
    assert is_common_password(password, ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "a long and quiet river",
        "correct horse battery staple",
        "tres gatos y un paraguas",
        "maria.luz y su bicicleta",
        "example.org",
        "abcabcabcd",
        "7f3a9c1e5b",
        "🙂🙃🦆🌙☀️🍋",
    ],
)
def test_what_no_list_holds_is_not_common(password: str):
    assert not is_common_password(password, ABOUT)


def test_one_persons_facts_are_not_another_persons():
    assert not is_common_password("maria.luz@example.org", ("ben@example.org", "Ben"))

"""Passwords that a stranger would try first, from the lists that `zxcvbn` ships."""

from functools import lru_cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

_OURS = frozenset(
    (
        "lovechat",
        "love chat",
        "lovechat123",
        "lovechat1234",
        "lovechat12345",
        "contraseña",
        "contraseña1",
    )
)
SHORTEST_REPEAT = 3  # a password of fewer different characters is a row of one key


def is_common_password(password: str, about: tuple[str, ...]) -> bool:
    """Whether a password is on a list, repeats a few characters, or is one of the person's own facts."""
    folded = password.casefold()
    own = {fact.casefold() for fact in about} | {fact.casefold().partition("@")[0] for fact in about}
    return folded in _listed() or folded in _OURS or folded in own or len(set(folded)) < SHORTEST_REPEAT


@lru_cache(maxsize=1)
def _listed() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])

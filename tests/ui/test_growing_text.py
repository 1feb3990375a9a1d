"""A reply on screen: settled blocks and a growing tail are the text, however it came in."""

from hypothesis import given
from hypothesis import strategies as st

from lovechat.ui.states.live import GrowingText

PIECES = st.lists(st.sampled_from(["a", "b ", "\n", "\n\n", "```", "- c", "é"]), max_size=40)


def shown(pieces: list[str]) -> GrowingText:
    text = GrowingText()
    for piece in pieces:
        text.add(piece)
    return text


@given(PIECES)
def test_no_word_is_lost_and_none_comes_twice(pieces: list[str]):
    text = shown(pieces)
    assert "".join("".join([*text.blocks, text.tail]).split()) == "".join("".join(pieces).split())


@given(PIECES)
def test_it_does_not_matter_how_the_text_is_cut(pieces: list[str]):
    once, letters = shown(["".join(pieces)]), shown(list("".join(pieces)))
    assert [block.strip() for block in once.blocks] == [block.strip() for block in letters.blocks]
    assert once.tail.strip() == letters.tail.strip()


@given(PIECES, PIECES)
def test_what_has_settled_stays(pieces: list[str], more: list[str]):
    text = shown(pieces)
    settled = list(text.blocks)
    for piece in more:
        text.add(piece)
    assert text.blocks[: len(settled)] == settled


def test_a_fenced_block_settles_whole():
    text = shown(["```\none\n\ntwo\n", "```", "\n\nafter"])
    assert text.blocks == ["```\none\n\ntwo\n```"]
    assert text.tail == "after"

"""The reply that is being written, in a small state of its own so that a tick sends little."""

import reflex as rx

FENCE = "```"


class LiveState(rx.State):
    """Settled blocks do not change any more; only the tail is sent at each tick."""

    phase: str = "idle"
    reply_id: str = ""
    blocks: list[str] = []
    tail: str = ""

    def _begin(self, reply_id: str) -> None:
        self.phase = "thinking"
        self.reply_id = reply_id
        self.blocks = []
        self.tail = ""

    def _show(self, text: "GrowingText") -> None:
        if len(self.blocks) != len(text.blocks):
            self.blocks = list(text.blocks)
        self.tail = text.tail
        self.phase = "writing" if text.blocks or text.tail else "thinking"

    def _end(self) -> None:
        self.phase = "idle"
        self.reply_id = ""
        self.blocks = []
        self.tail = ""


class GrowingText:
    """Markdown that grows at its end, cut into settled blocks and a tail.

    A block settles at an empty line outside a fenced code block, so it means the same alone.
    """

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.tail = ""

    def add(self, text: str) -> None:
        """Append to the text."""
        self.tail += text
        start = 0
        while (end := self.tail.find("\n\n", start)) >= 0:
            block = self.tail[:end]
            if block.count(FENCE) % 2:
                start = end + 2
                continue
            if block.strip():
                self.blocks.append(block)
            self.tail = self.tail[end:].lstrip("\n")
            start = 0

    def clear(self) -> None:
        """Forget everything: the reply was withdrawn."""
        self.blocks.clear()
        self.tail = ""

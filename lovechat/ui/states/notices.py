"""What the server tells a person in passing."""

import time

import reflex as rx


class Notices(rx.State):
    """The newest notice; each new `serial` is shown once, as a toast."""

    code: str = ""
    serial: int = 0

    @rx.event
    def show(self, code: str) -> None:
        """Show the text of an error's or notice's code."""
        self.code = code[:64]
        # A clock, so that a serial never comes again, even when this state was lost in between.
        self.serial = max(self.serial + 1, time.time_ns() // 1_000_000)

"""What the server tells a person in passing."""

import reflex as rx


class Notices(rx.State):
    """The newest notice; each new `serial` is shown once, as a toast."""

    code: str = ""
    serial: int = 0

    @rx.event
    def show(self, code: str) -> None:
        """Show the text of an error's or notice's code."""
        self.code = code[:64]
        self.serial += 1

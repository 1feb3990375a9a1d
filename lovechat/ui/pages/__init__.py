"""Every page of the web application, registered in one visible place."""

import reflex as rx

from lovechat.ui.pages import landing, safety


def register(app: rx.App) -> None:
    """Add the pages to the application."""
    app.add_page(landing.landing, route="/", title="Love Chat")
    app.add_page(safety.safety, route="/safety", title="Love Chat · Safety")

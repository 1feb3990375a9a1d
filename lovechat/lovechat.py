"""What Reflex runs: the application object and its pages."""

import reflex as rx

from lovechat.ui import pages
from lovechat.ui.gate import Gate, refused

VIEWPORT = "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"


def _preloaded(font: str) -> rx.Component:
    address = f"/fonts/{font}.woff2"
    attributes = {"as": "font", "crossOrigin": "anonymous"}
    return rx.el.link(rel="preload", href=address, type="font/woff2", custom_attrs=attributes)


app = rx.App(
    stylesheets=["/app.css"],
    head_components=[
        rx.el.meta(name="viewport", content=VIEWPORT),
        rx.el.meta(
            name="theme-color", content="#fbf6f1", custom_attrs={"media": "(prefers-color-scheme: light)"}
        ),
        rx.el.meta(
            name="theme-color", content="#171114", custom_attrs={"media": "(prefers-color-scheme: dark)"}
        ),
        rx.el.link(rel="icon", href="/favicon.ico", sizes="32x32"),
        rx.el.link(rel="icon", href="/icon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/icon-180.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        *(_preloaded(font) for font in ("figtree", "fraunces")),
        *(rx.el.script(src=f"/{script}.js", defer=True) for script in ("app", "avatar")),
    ],
    # Our own banner and toasts stand in the layouts, in both languages.
    app_wraps={},
    toaster=None,
    backend_exception_handler=refused,
)
app.add_middleware(Gate())
pages.register(app)

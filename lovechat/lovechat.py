"""What Reflex runs: the application object and its pages."""

import reflex as rx

from lovechat.ui import pages

app = rx.App(stylesheets=[])
pages.register(app)

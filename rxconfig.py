"""Reflex configuration: what the front end is built with and how its socket is guarded."""

import reflex as rx
from reflex_base.constants import StateManagerMode

from lovechat.core.settings import load_settings
from lovechat.front_end_plugin import SameOriginPlugin

settings = load_settings()

# The roles of docs/design.md; their values for the two themes stand in assets/app.css.
ROLES = (
    "paper",
    "card",
    "sunk",
    "ink",
    "muted",
    "line",
    "edge",
    "wine",
    "wine-deep",
    "on-wine",
    "blush",
    "alarm",
)
THEME = {
    "colors": {role: f"var(--{role})" for role in ROLES},
    "fontFamily": {"display": ["Fraunces", "Georgia", "serif"]},
}

config = rx.Config(
    app_name="lovechat",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # Equal ports: one address serves pages, websocket and REST.
    frontend_port=8000,
    backend_port=8000,
    cors_allowed_origins=settings.origins,
    state_manager_mode=StateManagerMode.REDIS if settings.redis_url else StateManagerMode.MEMORY,
    redis_url=settings.redis_url,
    redis_token_expiration=3600,
    transport="websocket",
    react_strict_mode=False,
    default_color_mode="system",
    plugins=[
        SameOriginPlugin(),
        rx.plugins.TailwindV4Plugin(config={"darkMode": "class", "plugins": [], "theme": {"extend": THEME}}),
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
)

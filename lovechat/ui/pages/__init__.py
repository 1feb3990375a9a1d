"""Every page of the web application, registered in one visible place."""

import reflex as rx

from lovechat.ui.i18n import t
from lovechat.ui.pages import (
    account,
    chat,
    discover,
    landing,
    login,
    lost,
    safety,
    signup,
    studio_audit,
    studio_care,
    studio_character,
    studio_characters,
    studio_login,
    studio_overview,
    studio_users,
)
from lovechat.ui.states.account import AccountState
from lovechat.ui.states.age import AgeState
from lovechat.ui.states.chat import ChatState
from lovechat.ui.states.conversations import ConversationsState
from lovechat.ui.states.gallery import GalleryState
from lovechat.ui.states.safety import SafetyState
from lovechat.ui.states.studio_audit import StudioAuditState
from lovechat.ui.states.studio_care import StudioCareState
from lovechat.ui.states.studio_characters import StudioCharactersState
from lovechat.ui.states.studio_editor import StudioEditorState
from lovechat.ui.states.studio_overview import StudioOverviewState
from lovechat.ui.states.studio_try import StudioTryState
from lovechat.ui.states.studio_users import StudioUsersState

_GALLERY = [GalleryState.load, ConversationsState.load]
_BENCH = [StudioEditorState.load, StudioTryState.clear]
# Address, page, title, and what is read when somebody comes.
PAGES = (
    ("/", landing.landing, "title.landing", GalleryState.load),
    ("/login", login.login, "title.login", None),
    ("/signup", signup.signup, "title.signup", None),
    ("/safety", safety.safety, "title.safety", SafetyState.load),
    ("/discover", discover.discover, "title.discover", _GALLERY),
    ("/c/[conversation]", chat.chat, "title.chat", [ConversationsState.load, ChatState.load]),
    ("/account", account.account, "title.account", [AccountState.load, AgeState.arrive]),
    ("/studio/login", studio_login.studio_login, "title.studio_login", None),
    ("/studio", studio_overview.studio_overview, "title.studio", StudioOverviewState.load),
    (
        "/studio/characters",
        studio_characters.studio_characters,
        "title.studio_characters",
        StudioCharactersState.load,
    ),
    ("/studio/characters/[character]", studio_character.studio_character, "title.studio_character", _BENCH),
    ("/studio/new-character", studio_character.studio_character, "title.studio_character", _BENCH),
    ("/studio/users", studio_users.studio_users, "title.studio_users", StudioUsersState.load),
    ("/studio/care", studio_care.studio_care, "title.studio_care", StudioCareState.load),
    ("/studio/audit", studio_audit.studio_audit, "title.studio_audit", StudioAuditState.load),
    ("404", lost.lost, "title.lost", None),
)


def register(app: rx.App) -> None:
    """Add the pages to the application."""
    for route, page, title, on_load in PAGES:
        app.add_page(page, route=route, title=t(title), on_load=on_load)

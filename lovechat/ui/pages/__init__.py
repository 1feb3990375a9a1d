"""Every page of the web application, registered in one visible place."""

import reflex as rx

from lovechat.ui.i18n import t
from lovechat.ui.pages import account, chat, discover, landing, login, lost, safety, signup
from lovechat.ui.states.account import AccountState
from lovechat.ui.states.chat import ChatState
from lovechat.ui.states.conversations import ConversationsState
from lovechat.ui.states.gallery import GalleryState


def register(app: rx.App) -> None:
    """Add the pages to the application."""
    app.add_page(landing.landing, route="/", title=t("title.landing"), on_load=GalleryState.load)
    app.add_page(login.login, route="/login", title=t("title.login"))
    app.add_page(signup.signup, route="/signup", title=t("title.signup"))
    app.add_page(safety.safety, route="/safety", title=t("title.safety"))
    app.add_page(
        discover.discover,
        route="/discover",
        title=t("title.discover"),
        on_load=[GalleryState.load, ConversationsState.load],
    )
    app.add_page(
        chat.chat,
        route="/c/[conversation]",
        title=t("title.chat"),
        on_load=[ConversationsState.load, ChatState.load],
    )
    app.add_page(account.account, route="/account", title=t("title.account"), on_load=AccountState.load)
    app.add_page(lost.lost, route="404", title=t("title.lost"))

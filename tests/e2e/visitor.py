"""Somebody in front of a browser: what they can do, and what the browser complains about meanwhile."""

import itertools
import re
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, Request, WebSocket, expect

from lovechat.api.cookies import PERSON
from lovechat.bootstrap import Services
from lovechat.core.i18n import Language, translate
from lovechat.schemas.accounts import Register
from lovechat.services.web_sessions import device_name
from tests.support.people import ADULT, PASSWORD

_numbers = itertools.count(1)

# In a signed-out or an unknown place the browser itself writes this.
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
# Whoever goes on at once leaves a page whose socket was just about to open.
LEFT_EARLY = re.compile(r"WebSocket is closed before the connection is established")
UNREACHABLE = re.compile(r"ERR_INTERNET_DISCONNECTED|WebSocket connection to .* failed")


class Visitor:
    """A person with a browser of their own: cookies, storage and tabs."""

    def __init__(
        self, name: str, language: Language, context: BrowserContext, url: str, reception: Services
    ) -> None:
        """`reception` makes their accounts."""
        self._reception = reception
        self.name = name
        self.language: Language = language
        self.context = context
        self.url = url
        self.email = f"visitor{next(_numbers)}@example.org"
        self.page: Page
        self.conversations: list[str] = []
        # Every frame of every websocket, both ways.
        self.frames: list[str] = []
        # What no test may leave behind: errors of pages, and requests to others than us.
        self.complaints: list[str] = []
        self.forgiven = [LEFT_EARLY]
        context.on("console", self._hear_console)
        context.on("weberror", lambda error: self.complaints.append(f"page error: {error.error}"))
        context.on("request", self._hear_request)
        context.on("page", lambda page: page.on("websocket", self._hear_socket))

    def t(self, key: str, **slots: Any) -> str:
        """A text in this person's language."""
        return translate(key, self.language, **slots)

    # Tabs

    async def arrive(self) -> "Visitor":
        """Open the first tab."""
        self.page = await self.context.new_page()
        return self

    async def another_tab(self) -> Page:
        """A second tab, behind the first one's back."""
        return await self.context.new_page()

    async def open(self, path: str, page: Page | None = None) -> Page:
        """Go to one of our pages by its address, and wait until it is alive."""
        page = page or self.page
        async with page.expect_websocket():  # React opens it once it has taken the page over
            await page.goto(self.url + path)
        return page

    async def where(self, path: str, page: Page | None = None) -> None:
        """Wait until the tab is at this address."""
        await expect(page or self.page).to_have_url(re.compile(re.escape(self.url + path) + r"/?(\?.*)?$"))

    # Accounts

    async def sign_up(self) -> "Visitor":
        """Get an account and a cookie as the form would, without the form."""
        command = Register.model_validate(
            {
                "display_name": self.name, "email": self.email, "password": PASSWORD,
                "birthdate": ADULT, "language": self.language,
            }
        )  # fmt: skip
        device = device_name(await self.page.evaluate("navigator.userAgent"))
        cookie = await self._reception.web_sessions.sign_up(command, "127.0.0.1", device)
        await self.context.add_cookies(
            [{"name": PERSON, "value": cookie, "url": self.url, "httpOnly": True, "sameSite": "Lax"}]
        )
        return self

    async def fill_signup(self, **fields: str) -> None:
        """Fill the sign-up form and send it."""
        values = {
            "display_name": self.name, "email": self.email, "password": PASSWORD, "birthdate": ADULT,
            **fields,
        }  # fmt: skip
        for name, value in values.items():
            await self.page.locator(f"#{name}").fill(value)
        await self.page.get_by_role("button", name=self.t("signup.submit")).click()

    async def fill_login(self, password: str = PASSWORD) -> None:
        """Fill the login form and send it."""
        await self.page.locator("#email").fill(self.email)
        await self.page.locator("#password").fill(password)
        await self.page.get_by_role("button", name=self.t("login.submit")).click()

    async def sign_out(self, page: Page) -> None:
        """End this browser's session from a tab."""
        await page.goto(f"{self.url}/account")
        await page.locator("#log-out").click()

    # Conversations

    async def begin(self) -> str:
        """Begin to talk with Luna from the gallery; gives the conversation's id."""
        await self.page.get_by_role("button", name=self.t("discover.begin", name="Luna")).click()
        conversation = await self.here()
        await self.ready(conversation)
        return conversation

    async def here(self) -> str:
        """The conversation that this tab has come to by itself."""
        await self.page.wait_for_url("**/c/*")
        conversation = self.page.url.rstrip("/").rsplit("/", 1)[1]
        self.conversations.append(conversation)
        return conversation

    async def conversation(self, page: Page | None = None) -> str:
        """A new conversation with Luna, and a tab in it, the first one by default; gives its id."""
        answer = await self.context.request.post(f"{self.url}/conversations", data={"character_id": "luna"})
        assert answer.status == 201, await answer.text()
        conversation = (await answer.json())["id"]
        self.conversations.append(conversation)
        await self.visit(conversation, page)
        return conversation

    async def visit(self, conversation: str, page: Page | None = None) -> Page:
        """Open a conversation of one's own by its address."""
        page = page or self.page
        await page.goto(f"{self.url}/c/{conversation}")
        await self.ready(conversation, page)
        return page

    async def ready(self, conversation: str, page: Page | None = None) -> None:
        """Wait until a conversation has been read."""
        page = page or self.page
        await expect(page.locator(f'[data-thread][data-conversation="{conversation}"] ol')).to_be_attached()

    async def note(self, conversation: str, text: str) -> None:
        """Write something down in a conversation without asking for a reply."""
        answer = await self.context.request.post(
            f"{self.url}/conversations/{conversation}/messages", data={"content": text}
        )
        assert answer.status == 201, await answer.text()

    async def history(self, conversation: str) -> list[dict[str, Any]]:
        """What the server keeps of a conversation."""
        answer = await self.context.request.get(f"{self.url}/conversations/{conversation}/messages")
        return (await answer.json())["items"]

    async def say(self, text: str, page: Page | None = None) -> None:
        """Write in the composer and press Enter; waits until it stands in the thread."""
        box = composer(page or self.page)
        await box.fill(text)
        await box.press("Enter")
        await expect(own(page or self.page).filter(has_text=text).last).to_be_visible()
        await expect(box).to_have_value("")

    async def hears(self, *texts: str | re.Pattern[str], page: Page | None = None) -> None:
        """Wait until exactly these messages stand in the thread and nobody is writing."""
        page = page or self.page
        await expect(page.locator("#live-reply")).to_have_count(0)
        await expect(said(page)).to_have_text(list(texts))

    async def confirm(self, action: str) -> None:
        """Press an entry of the conversation's menu, and then the button that carries it out."""
        await self.menu(action)
        await self.page.locator("dialog[open]").get_by_role("button", name=action, exact=True).click()

    async def menu(self, action: str) -> None:
        """Press an entry of the conversation's menu; another dialog stands in its place then."""
        await self.page.get_by_role("button", name=self.t("chat.menu")).click()
        await self.page.locator("#conversation-menu").get_by_role("button", name=action).click()
        await expect(self.page.locator("dialog[open]")).to_have_count(1)

    # What must not happen

    def forgive(self, *patterns: re.Pattern[str]) -> None:
        """Expect complaints like these."""
        self.forgiven.extend(patterns)

    def assert_calm(self) -> None:
        """Fail if the browser has complained."""
        left = [one for one in self.complaints if not any(pattern.search(one) for pattern in self.forgiven)]
        assert not left, f"{self.name}'s browser complains: {left}"

    def _hear_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _hear_request(self, request: Request) -> None:
        if not request.url.startswith((self.url + "/", "data:", "blob:")):
            self.complaints.append(f"a request to another origin: {request.url}")

    def _hear_socket(self, socket: WebSocket) -> None:
        if not socket.url.startswith(self.url.replace("http", "ws", 1) + "/"):
            self.complaints.append(f"a websocket to another origin: {socket.url}")
        for direction in ("framesent", "framereceived"):
            socket.on(direction, lambda payload: self.frames.append(str(payload)))


async def becomes(target: Locator, condition: str) -> None:
    """Wait until a condition in JavaScript on `e`, the element, holds."""
    # Looked at in each frame by a promise: the pages' policy forbids Playwright's own way, which needs eval.
    await target.evaluate(
        f"""(e) => new Promise((done) => {{
            const look = () => ({condition} ? done() : requestAnimationFrame(look));
            look();
        }})"""
    )


def composer(page: Page) -> Locator:
    """Where a person writes."""
    return page.locator("textarea[data-composer]")


def lines(page: Page) -> Locator:
    """Every message in the thread, with what stands around it."""
    return page.locator("li[data-message]")


def own(page: Page) -> Locator:
    """What the person has said."""
    return page.locator("[data-own]")


def said(page: Page) -> Locator:
    """The text of every message in the thread."""
    return page.locator("[data-own], [data-source]")

"""One conversation on screen: what was said, what is being said, and what a person can do."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from lovechat.core.errors import LoveChatError, not_found
from lovechat.schemas.care import Notice
from lovechat.schemas.conversations import MessageView, WriteMessage
from lovechat.services.accounts import Person
from lovechat.services.age_assurance import NEEDS_CHECK
from lovechat.services.conversations import Pulse
from lovechat.ui.handshake import asked_language
from lovechat.ui.identity import find_person
from lovechat.ui.runtime import is_connected, services
from lovechat.ui.states.age import AgeState
from lovechat.ui.states.conversations import ConversationsState
from lovechat.ui.states.live import GrowingText, LiveState
from lovechat.ui.states.quota import QuotaState
from lovechat.ui.states.session import SignedIn

WINDOW = 50
MOST_LINES = 600
# A reply on screen is drawn anew at most this often; a quiet conversation is looked at this often.
TICK_SECONDS = 0.09
LOOK_SECONDS = 2.5
# A tab that has been away for this long is not waited for; when it is back it loads anew.
AWAY_LOOKS = 40


@dataclass
class HelpLine:
    """One place where people find help; empty where there is no number or address."""

    name: str
    number: str
    url: str


@dataclass
class NoticeLine:
    """What the product itself said, under the message with which it said it."""

    kind: str
    text: str
    language: str
    resources: list[HelpLine]


@dataclass
class Line:
    """A message on screen; `moment` is an ISO time in UTC."""

    id: str
    mine: bool
    content: str
    status: str
    finish_reason: str
    moment: str
    notices: list[NoticeLine]


class ChatState(SignedIn, rx.State):
    """The conversation of this tab. A window on the database, which alone is the truth."""

    loaded: bool = False
    missing: bool = False
    conversation_id: str = ""
    title: str = ""
    character_id: str = ""
    name: str = ""
    picture: str = ""
    closed: bool = False
    lines: list[Line] = []
    has_older: bool = False
    sent: int = 0  # grows with each answer to the composer …
    taken: bool = False  # … and this says whether its text was accepted
    refusal: str = ""
    refusal_notices: list[NoticeLine] = []  # that came with it
    announcement: str = ""
    _seen: Pulse | None = None
    _shown: int = WINDOW

    @rx.var
    def can_retry(self) -> bool:
        """Whether the last reply did not come to its end."""
        last = self.lines[-1] if self.lines else None
        return (
            last is not None
            and not last.mine
            and last.status in ("interrupted", "stopped")
            and not self.closed
        )

    # What the page asks for

    @rx.event
    async def load(self) -> AsyncGenerator[Any]:
        """Show the conversation that the address names, and keep watching it."""
        person = await self._who()
        wanted = self.router.url.path.removeprefix("/c/").strip("/")
        if wanted != self.conversation_id:
            self._clear(wanted)
            (await self.get_state(LiveState))._end()
            yield
        try:
            await self._read_all(person)
        except LoveChatError:
            self._clear(wanted)
            self.missing = True
            return
        (await self.get_state(QuotaState))._show(await services().usage.today(person.id))
        await (await self.get_state(AgeState))._read(person)
        yield ChatState.watch

    @rx.event
    async def older(self) -> None:
        """Show what was said before."""
        if self.has_older and self._shown < MOST_LINES:
            self._shown += WINDOW
            await self._read_lines(await self._who())

    @rx.event
    async def send(self, form: dict[str, Any]) -> Any:
        """Say something. What is refused stays in the composer."""
        person = await self._who()
        self.sent += 1
        self.taken = False
        try:
            content = WriteMessage(content=str(form.get("message", ""))).content
            reply = await services().chat.send(person, self._id(), content, asked_language(self))
        except ValidationError:
            self.refusal = "invalid_request"
            self.refusal_notices = []
            return None
        except LoveChatError as error:
            await self._refused(person, error)
            return None
        self.taken = True
        await self._replying(person, reply.ids.reply_id)
        return [ConversationsState.load, ChatState.watch]

    @rx.event
    async def retry(self) -> Any:
        """Ask for another reply to the last message."""
        person = await self._who()
        try:
            reply = await services().chat.retry(person, self._id(), asked_language(self))
        except LoveChatError as error:
            await self._refused(person, error)
            return None
        await self._replying(person, reply.ids.reply_id)
        return ChatState.watch

    @rx.event
    async def stop(self) -> None:
        """End the reply where it is."""
        live = await self.get_state(LiveState)
        if live.reply_id:
            try:
                await services().chat.stop(await self._who(), UUID(live.reply_id))
            except LoveChatError as error:
                if error.code != "reply_finished":
                    raise

    @rx.event
    async def rename(self, form: dict[str, Any]) -> Any:
        """Give the conversation another name."""
        title = " ".join(str(form.get("title", "")).split())[:60]
        view = await services().conversations.rename(await self._who(), self._id(), title)
        self.title = view.title
        return ConversationsState.load

    @rx.event
    async def begin_anew(self) -> Any:
        """Close this conversation and begin another with the same character."""
        view = await services().conversations.reset(await self._who(), self._id())
        return rx.redirect(f"/c/{view.id}")

    @rx.event
    async def delete(self) -> Any:
        """Erase this conversation."""
        await services().conversations.delete(await self._who(), self._id())
        return rx.redirect("/discover")

    # What goes on meanwhile

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> AsyncGenerator[Any]:
        """Follow what happens to the conversation, in this tab or elsewhere, while the tab shows it."""
        async with self:
            token = self.router.session.client_token
            shown = self.conversation_id
            conversation_id = self._id()
        away = 0
        while away < AWAY_LOOKS:
            async with self:
                # Asked each time: the tab may have gone elsewhere, and somebody else may sit there now.
                if self.conversation_id != shown or not self.router.url.path.startswith("/c/"):
                    return
                cookies = self.router.headers.cookie
                helped = self.refusal == "age_restricted" and bool(self.refusal_notices)
            person = await find_person(cookies)
            if person is None and helped:
                return  # whoever was shut out in a hard hour can still read where help is
            if person is None:
                yield rx.redirect(f"/login?next=/c/{shown}")
                return
            try:
                pulse = await services().conversations.pulse(person, conversation_id)
            except LoveChatError:
                async with self:
                    self.missing = True
                return
            if pulse.reply_id is not None:
                await self._follow(person, pulse.reply_id)
                yield ConversationsState.load
            elif await self._catch_up(person, pulse):
                yield ConversationsState.load
            await asyncio.sleep(LOOK_SECONDS if pulse.reply_id is None else 0)
            away = 0 if await is_connected(token) else away + 1

    async def _follow(self, person: Person, reply_id: UUID) -> None:
        """Copy a reply to the screen as it grows, and read the conversation anew at its end."""
        async with self:
            live = await self.get_state(LiveState)
            if live.reply_id != str(reply_id):
                # Begun in another tab: what was said there is not on screen here yet.
                await self._read_all(person)
                live._begin(str(reply_id))
        try:
            await self._copy(person, reply_id)
        except asyncio.CancelledError:
            raise  # a newer run goes on with this reply
        except LoveChatError:
            pass  # it has ended meanwhile, and is read like any other
        async with self:
            if (await self.get_state(LiveState)).reply_id == str(reply_id):
                await self._read_all(person)
                await self._end_live(person)

    async def _copy(self, person: Person, reply_id: UUID) -> None:
        """Show a reply from its beginning to its end."""
        text = GrowingText()
        async for batch in await services().chat.follow(person, reply_id, 0):
            for event in batch:
                if event.name == "delta":
                    text.add(event.data["text"])
                elif event.name == "retract":
                    text.clear()
            if not batch:
                continue
            async with self:
                live = await self.get_state(LiveState)
                if live.reply_id != str(reply_id):
                    return  # the tab has gone on to something else
                live._show(text)
            await asyncio.sleep(TICK_SECONDS)

    async def _catch_up(self, person: Person, pulse: Pulse) -> bool:
        """Show what changed while no reply is being written; tells whether something had."""
        async with self:
            live = await self.get_state(LiveState)
            if pulse == self._seen and not live.reply_id:
                return False
            await self._read_all(person)
            if live.reply_id and not self._is_replying():
                await self._end_live(person)
            return True

    def _is_replying(self) -> bool:
        """Whether a reply was being written when the conversation was last read."""
        return self._seen is not None and self._seen.reply_id is not None

    async def _end_live(self, person: Person) -> None:
        """Take the reply that was written off the screen; its line has been read."""
        (await self.get_state(LiveState))._end()
        if self.lines and not self.lines[-1].mine:
            last = self.lines[-1]
            # A reply that was withdrawn may have left a card in its place.
            cards = [told for told in self._told() if told.kind == "crisis" and last.status == "retracted"]
            self.announcement = f"{self.name}: {last.content} {read_out(cards)}".strip()
        (await self.get_state(QuotaState))._show(await services().usage.today(person.id))

    # Inside

    def _id(self) -> UUID:
        try:
            return UUID(self.conversation_id)
        except ValueError:
            raise not_found() from None

    def _clear(self, conversation_id: str) -> None:
        self.reset()
        self.conversation_id = conversation_id

    async def _refused(self, person: Person, error: LoveChatError) -> None:
        if error.details.get("needs") == NEEDS_CHECK:
            # What to do stands in the composer's place then.
            self.refusal = ""
            await (await self.get_state(AgeState))._read(person)
            return
        self.refusal = error.code
        card = error.details.get("notice")
        self.refusal_notices = [notice_line(Notice.model_validate(card))] if card else []
        self.announcement = read_out(self.refusal_notices)
        if error.code == "quota_exceeded":
            (await self.get_state(QuotaState))._show(await services().usage.today(person.id))

    async def _replying(self, person: Person, reply_id: UUID) -> None:
        self.refusal = ""
        self.refusal_notices = []
        (await self.get_state(LiveState))._begin(str(reply_id))
        told = self._told()
        await self._read_all(person)
        # Those that another attempt at the same message finds there were read out before.
        self.announcement = read_out([notice for notice in self._told() if notice not in told])
        if not self._is_replying():  # it is over already
            await self._end_live(person)

    def _told(self) -> list[NoticeLine]:
        """What the person was told with their last message."""
        return next((line.notices for line in reversed(self.lines) if line.mine), [])

    async def _read_all(self, person: Person) -> None:
        view = await services().conversations.get(person, self._id())
        pulse = await services().conversations.pulse(person, self._id())
        self.title = view.title
        self.character_id = view.character.id
        self.name = view.character.name
        self.picture = view.character.avatar_url or ""
        self.closed = view.status == "closed"
        await self._read_lines(person)
        self._seen = pulse
        self.missing = False
        self.loaded = True

    async def _read_lines(self, person: Person) -> None:
        found: list[MessageView] = []
        before: UUID | None = None
        more = True
        while more and len(found) < self._shown:
            page = await services().conversations.list_messages(person, self._id(), WINDOW, before)
            found = [*page.items, *found]
            before = page.next_before
            more = before is not None
        self.lines = [_line(view) for view in found if view.status != "streaming" and view.role != "system"]
        self.has_older = more and self._shown < MOST_LINES


def _line(view: MessageView) -> Line:
    return Line(
        id=str(view.id),
        mine=view.role == "user",
        content=view.content,
        status=view.status,
        finish_reason=view.finish_reason or "",
        moment=view.model_dump(mode="json")["created_at"],
        notices=[notice_line(notice) for notice in view.notices],
    )


def notice_line(notice: Notice) -> NoticeLine:
    """A notice as the page shows it."""
    places = [HelpLine(place.name, place.number or "", place.url or "") for place in notice.resources]
    return NoticeLine(notice.kind, notice.text, notice.language, places)


def read_out(notices: list[NoticeLine]) -> str:
    """Notices as a screen reader says them."""
    names = [place.name for notice in notices for place in notice.resources]
    return " ".join([*(notice.text for notice in notices), ". ".join(names)]).strip()

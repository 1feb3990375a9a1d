"""What becomes of an account about which the guard has noticed something."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from lovechat.core.errors import not_authenticated
from lovechat.repos import accounts, marks, safety
from lovechat.schemas.oversight import Mark
from lovechat.services.guardrails import GUARD_VERSION, Action, Verdict
from lovechat.services.language import detect_language

# So many within so long: hints that somebody is a minor put the account before an admin's eyes, minors in
# intimate scenes shut it until an admin has looked.
SPAN = timedelta(days=30)
HINTS = 3
SCENES = 3


async def shut(session: AsyncSession, user_id: UUID, mark: Mark, moment: datetime) -> None:
    """Shut an account and end its sign-ins until an admin has looked; running replies are the caller's.

    Raises:
        LoveChatError: `not_authenticated`, when the account has just been erased.
    """
    await _lock(session, user_id)
    await marks.add(session, user_id, mark, moment)
    await _shut(session, user_id, "age_review", moment)


async def remember(
    session: AsyncSession, user_id: UUID, verdict: Verdict, content: str, moment: datetime
) -> bool:
    """Count a verdict, and write down what it says about the writer; True where that has shut the account.

    Of the content only its language is kept.

    Raises:
        LoveChatError: `not_authenticated`, when the account has just been erased.
    """
    if not verdict.allowed:
        # So that two at once count each other. What may pass is written under its conversation's lock.
        await _lock(session, user_id)
    await safety.count(session, moment, verdict.reason, detect_language(content) or "", GUARD_VERSION)
    if verdict.action is Action.LOCK:
        await shut(session, user_id, "age_said", moment)
        return True
    if verdict.reason == "age_unclear":
        await marks.add(session, user_id, "age_hint", moment)
    elif verdict.reason == "minor_scene":
        await marks.add(session, user_id, "minor_scene", moment)
        if await marks.count(session, user_id, "minor_scene", moment - SPAN) >= SCENES:
            await _shut(session, user_id, "conduct_review", moment)
            return True
    return False


async def _lock(session: AsyncSession, user_id: UUID) -> None:
    if await accounts.lock_user(session, user_id) is None:
        raise not_authenticated()


async def _shut(session: AsyncSession, user_id: UUID, reason: str, moment: datetime) -> None:
    await accounts.set_review(session, user_id, reason)
    await accounts.revoke_all(session, user_id, moment, reason)

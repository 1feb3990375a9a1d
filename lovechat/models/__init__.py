"""The tables. They hold no queries; importing this package registers all of them."""

from lovechat.models.accounts import LoginThrottle, SessionFamily, User, UserProfile, UserSession
from lovechat.models.admin import AdminSession, AuditEntry, SafetyCount
from lovechat.models.care import NoticeClock
from lovechat.models.characters import Character, CharacterVersion
from lovechat.models.conversations import Conversation, Message, Reply
from lovechat.models.oversight import AccountMark, GuardReview, Report
from lovechat.models.safety import AgeAttestation, AgeCooldown, Consent
from lovechat.models.usage import UserDailyUsage

__all__ = [
    "AccountMark",
    "AdminSession",
    "AgeAttestation",
    "AgeCooldown",
    "AuditEntry",
    "Character",
    "CharacterVersion",
    "Consent",
    "Conversation",
    "GuardReview",
    "LoginThrottle",
    "Message",
    "NoticeClock",
    "Reply",
    "Report",
    "SafetyCount",
    "SessionFamily",
    "User",
    "UserDailyUsage",
    "UserProfile",
    "UserSession",
]

"""Builds the services of a process once, and picks the parts they stand on."""

from dataclasses import dataclass
from datetime import timedelta

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from lovechat.core.clock import Clock, now
from lovechat.core.db import create_engine, create_reads, create_sessions
from lovechat.core.security import BCRYPT_ROUNDS, Passwords, Tokens
from lovechat.core.settings import Settings
from lovechat.services.accounts import Accounts
from lovechat.services.admin import Admin
from lovechat.services.age_assurance import AgeAssurance, AgeAssuranceProvider, load_provider
from lovechat.services.age_cooldown import AgeCooldowns
from lovechat.services.avatars import Avatars
from lovechat.services.care import Care
from lovechat.services.characters import Characters
from lovechat.services.chat_service import ChatService
from lovechat.services.conversations import Conversations
from lovechat.services.explicitness import PROVIDER_CEILINGS
from lovechat.services.health import Health
from lovechat.services.llm_client import LLMClient, create_llm_client
from lovechat.services.login_throttle import LoginThrottle
from lovechat.services.moderation import Moderation, create_moderation
from lovechat.services.oversight import Oversight
from lovechat.services.personal_data import PersonalData
from lovechat.services.rate_limits import RateLimits
from lovechat.services.replies import Relay, ReplyKeeper
from lovechat.services.storage import create_storage
from lovechat.services.studio import Studio
from lovechat.services.studio_sessions import StudioSessions
from lovechat.services.usage import Tariff, Usage
from lovechat.services.web_sessions import WebSessions

# How long running replies may take to finish when the server goes down.
DRAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the front ends may ask for."""

    settings: Settings
    cooldowns: AgeCooldowns
    age: AgeAssurance
    accounts: Accounts
    web_sessions: WebSessions
    personal_data: PersonalData
    admin: Admin
    studio: Studio
    oversight: Oversight
    studio_sessions: StudioSessions
    avatars: Avatars
    characters: Characters
    chat: ChatService
    conversations: Conversations
    health: Health
    usage: Usage
    keeper: ReplyKeeper
    passwords: Passwords
    rate_limits: RateLimits
    relay: Relay | None
    llm: LLMClient
    moderation: Moderation
    engine: AsyncEngine

    async def open(self) -> None:
        """Seed the characters, forget what has expired, and begin to keep watch over replies."""
        await self.characters.seed()
        await self.cooldowns.forget_expired()
        await self.keeper.open()

    async def close(self, drain_seconds: float = DRAIN_SECONDS) -> None:
        """Let running replies finish for a while, save the others, and let everything go."""
        await self.keeper.drain(drain_seconds)
        await self.keeper.close()
        await self.moderation.close()
        await self.llm.close()
        if self.relay is not None:
            await self.relay.close()
        await self.rate_limits.close()
        self.avatars.close()
        self.passwords.close()
        await self.engine.dispose()


def build_services(
    settings: Settings,
    database_url: str,
    *,
    llm: LLMClient | None = None,
    verifier: AgeAssuranceProvider | None = None,
    clock: Clock = now,
    bcrypt_rounds: int = BCRYPT_ROUNDS,
) -> Services:
    """Wire the services for a database; tests pass their own model, verifier, clock and cheaper hashes."""
    engine = create_engine(database_url)
    sessions = create_sessions(engine)
    secret = settings.signing_key
    llm = llm or create_llm_client(settings)
    passwords = Passwords(bcrypt_rounds)
    tokens = Tokens(
        secret,
        settings.jwt_algorithm,
        timedelta(minutes=settings.access_token_exp_minutes),
        timedelta(days=settings.jwt_refresh_days),
        clock,
    )
    throttle = LoginThrottle(sessions, secret, clock)
    tariff = Tariff(settings.units_chars_per_token, settings.units_multiplier, settings.units_fixed_per_reply)
    usage = Usage(sessions, settings.daily_units_limit, tariff, settings.llm_max_output_tokens, clock)
    relay = Relay(Redis.from_url(settings.redis_url)) if settings.redis_url else None
    moderation = create_moderation(settings, sessions, clock)
    keeper = ReplyKeeper(engine, sessions, llm, moderation, usage, relay, clock)
    age = AgeAssurance(sessions, keeper, verifier or load_provider(settings), secret, clock)
    rate_limits = RateLimits(settings.chat_rate_limit, settings.redis_url)
    reads = create_reads(engine)
    cooldowns = AgeCooldowns(sessions, secret, clock)
    accounts = Accounts(sessions, reads, passwords, tokens, throttle, cooldowns, clock)
    avatars = Avatars(create_storage(settings), accounts)
    admin_key = settings.admin_secret.get_secret_value() if settings.admin_secret else None
    admin = Admin(sessions, keeper, throttle, admin_key, clock)
    characters = Characters(sessions, clock)
    ceilings = (settings.explicit_ceiling, PROVIDER_CEILINGS[settings.provider])
    care = Care(timedelta(minutes=settings.notice_interval_minutes))
    return Services(
        settings=settings,
        cooldowns=cooldowns,
        age=age,
        accounts=accounts,
        web_sessions=WebSessions(sessions, reads, accounts, tokens.refresh_lifetime, clock),
        personal_data=PersonalData(sessions, accounts, avatars, keeper, clock),
        admin=admin,
        oversight=Oversight(sessions, clock),
        studio=Studio(
            sessions, characters, avatars, llm, secret, settings.llm_max_output_tokens, min(ceilings), clock
        ),
        studio_sessions=StudioSessions(sessions, reads, admin, admin_key, secret, clock),
        avatars=avatars,
        characters=characters,
        chat=ChatService(sessions, keeper, usage, care, rate_limits, age, ceilings, secret, clock),
        conversations=Conversations(sessions, clock),
        health=Health(sessions, settings.provider),
        usage=usage,
        keeper=keeper,
        passwords=passwords,
        rate_limits=rate_limits,
        relay=relay,
        llm=llm,
        moderation=moderation,
        engine=engine,
    )

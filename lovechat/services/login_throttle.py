"""Slows down those who guess: counts failures in the database, so that restarts and workers share them."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from lovechat.core.clock import Clock
from lovechat.core.db import Sessions
from lovechat.core.errors import Kind, LoveChatError
from lovechat.core.security import keyed_digest
from lovechat.repos import accounts

WINDOW = timedelta(minutes=15)
FIRST_BLOCK = timedelta(seconds=30)
LONGEST_BLOCK = timedelta(minutes=15)
IPV6_PREFIX = 64  # the part of an address that a provider gives to one customer


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures one kind of key may have in the window before it is shut."""

    name: str
    failures: int


# The pair is strict: an attacker cannot shut somebody out of their own account from elsewhere.
PAIR = Limit("pair", 5)
ACCOUNT = Limit("account", 50)
ADDRESS = Limit("address", 60)
ADMIN_ADDRESS = Limit("admin-address", 5)
ADMIN_ALL = Limit("admin-all", 50)


def address_prefix(address: str) -> str:
    """What stands for one visitor: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, IPV6_PREFIX), strict=False))
    return str(ip)


class LoginThrottle:
    """Counts an attempt before it is tried, and takes it back when it was good.

    Counting first is what makes a hundred parallel guesses no better than a hundred in a row.
    """

    def __init__(self, sessions: Sessions, secret: str, clock: Clock) -> None:
        self._sessions = sessions
        self._secret = secret
        self._clock = clock

    async def admit(self, email: str, address: str) -> list[str]:
        """Count a login for this account and address.

        Returns the keys to pass to `succeeded`.

        Raises:
            LoveChatError: `too_many_attempts`, with the seconds to wait.
        """
        prefix = address_prefix(address)
        return await self._admit({PAIR: f"{email}\0{prefix}", ACCOUNT: email, ADDRESS: prefix})

    async def admit_admin(self, address: str) -> list[str]:
        """Count a use of the admin key from this address. Raises as `admit`."""
        return await self._admit({ADMIN_ADDRESS: address_prefix(address), ADMIN_ALL: ""})

    async def check_admin(self, address: str) -> None:
        """Refuse an address that is shut already, without counting. Raises as `admit`."""
        keys = [self._key(ADMIN_ADDRESS, address_prefix(address)), self._key(ADMIN_ALL, "")]
        moment = self._clock()
        async with self._sessions() as session:
            until = await accounts.find_blocked_until(session, keys, moment)
        if until is not None:
            raise _refused(until - moment)

    async def succeeded(self, keys: list[str]) -> None:
        """The attempt was good: the pair starts anew, the wider keys take this one back."""
        pair, account, address = keys
        async with self._sessions.begin() as session:
            await accounts.forget_attempts(session, [pair])
            for limit, key in ((ACCOUNT, account), (ADDRESS, address)):
                await accounts.uncount_attempt(session, key, limit.failures)

    async def _admit(self, counted: dict[Limit, str]) -> list[str]:
        moment = self._clock()
        keys = {limit: self._key(limit, value) for limit, value in counted.items()}
        async with self._sessions.begin() as session:
            for limit, key in keys.items():
                failures, until = await accounts.count_attempt(session, key, moment, moment - WINDOW)
                if until is not None and until > moment:
                    raise _refused(until - moment)  # and what was counted is undone
                if failures >= limit.failures:
                    pause = FIRST_BLOCK * 2 ** min(failures - limit.failures, 10)
                    await accounts.block_key(session, key, moment + min(pause, LONGEST_BLOCK))
        return list(keys.values())

    def _key(self, limit: Limit, value: str) -> str:
        return keyed_digest(self._secret, f"throttle-{limit.name}", value)


def _refused(wait: timedelta) -> LoveChatError:
    return LoveChatError("too_many_attempts", Kind.LIMIT, retry_after=max(1, round(wait.total_seconds())))

"""The pause after somebody typed a birthdate under 18: another birthdate does not help, nor a new browser.

Nothing of the person is kept but two HMACs and when they end.
"""

import ipaddress
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from lovechat.core.clock import Clock
from lovechat.core.db import Sessions
from lovechat.core.security import keyed_digest
from lovechat.repos import age_cooldowns
from lovechat.schemas.accounts import normalise_email

EMAIL_PAUSE = timedelta(hours=24)
# Short: a household, a school or a provider's customers share a prefix. See decision 27.
PREFIX_PAUSE = timedelta(hours=1)
IPV4_PREFIX = 24
IPV6_PREFIX = 64


def network_of(address: str) -> str | None:
    """The network that an address belongs to, a /24 or a /64; None when it is no address of a caller.

    This machine's own address tells nothing of who calls: it is the operator's, or a proxy's.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_loopback:
        return None
    length = IPV4_PREFIX if ip.version == 4 else IPV6_PREFIX
    # A zone such as %eth0 names an interface of ours, not a network of theirs.
    return str(ipaddress.ip_network(f"{str(ip).partition('%')[0]}/{length}", strict=False))


def mailbox_of(email: str) -> str:
    """The mailbox of an e-mail address: what stands behind a plus is the owner's to invent."""
    name, _, domain = normalise_email(email).rpartition("@")
    return f"{name.split('+')[0] or name}@{domain}"


class AgeCooldowns:
    """Remembers under-age attempts, for a while and without people."""

    def __init__(self, sessions: Sessions, secret: str, clock: Clock) -> None:
        self._sessions = sessions
        self._secret = secret
        self._clock = clock

    async def is_shut(self, email: str, address: str) -> bool:
        """Whether this e-mail address or this network has to wait. What has expired is removed."""
        moment = self._clock()
        async with self._sessions.begin() as session:
            await age_cooldowns.forget_expired(session, moment)
            return await age_cooldowns.is_shut(session, list(self._keys(email, address)), moment)

    async def begin(self, session: AsyncSession, email: str, address: str, moment: datetime) -> None:
        """Write an attempt down in the caller's transaction."""
        for key, pause in self._keys(email, address).items():
            await age_cooldowns.begin(session, key, moment + pause)

    async def forget_expired(self) -> None:
        """Remove what has had its time."""
        async with self._sessions.begin() as session:
            await age_cooldowns.forget_expired(session, self._clock())

    def _keys(self, email: str, address: str) -> dict[str, timedelta]:
        """The keys of a caller, the e-mail's first, and how long each has to wait."""
        keys = {keyed_digest(self._secret, "age-email", mailbox_of(email)): EMAIL_PAUSE}
        # Without an address there is nothing that tells this caller from another.
        if (network := network_of(address)) is not None:
            keys[keyed_digest(self._secret, "age-network", network)] = PREFIX_PAUSE
        return keys

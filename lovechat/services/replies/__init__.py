"""Replies as jobs of the server: written once, watched by anybody who owns them."""

from lovechat.services.replies.keeper import ReplyKeeper
from lovechat.services.replies.live import LiveReply
from lovechat.services.replies.log import notice_marks
from lovechat.services.replies.relay import Relay

__all__ = ["LiveReply", "Relay", "ReplyKeeper", "notice_marks"]

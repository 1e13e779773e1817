"""Who is told of what was found: commands and webhooks. They take one message each, and say whether they took it."""

from crawler.outlet.command import Command
from crawler.outlet.message import Message, Refusal, Taker
from crawler.outlet.webhook import Webhook

__all__ = ["Command", "Message", "Refusal", "Taker", "Webhook"]

"""Messages by HTTP. The address comes from config.yaml, so private ones are fine; redirects would lead away from it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from crawler.model import Seconds
from crawler.outlet.message import Message, Refusal
from crawler.outlet.signing import signed
from crawler.version import VERSION

_LONGEST_WAIT: Final[Seconds] = 3600
"""Of what a Retry-After may ask for."""


class Webhook:
    """Posts messages to an address; any 2xx takes them. Of the answer nothing but its head is read."""

    def __init__(self, session: aiohttp.ClientSession, url: str, *, secret: str | None, timeout: Seconds) -> None:
        self._session = session
        self._url = URL(url, encoded=True)
        self._secret = secret
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def tell(self, message: Message) -> Refusal | None:
        """As `Taker.tell`."""
        headers = {
            "content-type": "application/json",
            "user-agent": f"Warraq/{VERSION}",
            **signed(message.name, message.at // 1000, message.body, self._secret),
        }
        try:
            answer = await self._session.post(
                self._url, data=message.body, headers=headers, allow_redirects=False, timeout=self._timeout
            )
        except TimeoutError:
            return Refusal(why=f"no answer within {self._timeout.total:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Refusal(why=self._said(error))
        answer.close()  # whatever its body is, nobody waits for it
        return None if 200 <= answer.status < 300 else self._refusal(answer)

    def _refusal(self, answer: aiohttp.ClientResponse) -> Refusal:
        if 300 <= answer.status < 400:
            return Refusal(why=f"answered {answer.status}: redirects aren't followed, name the address itself")
        wait = answer.headers.get("retry-after", "")
        asked = min(float(wait), _LONGEST_WAIT) if wait.isascii() and wait.isdecimal() and len(wait) < 10 else 0
        return Refusal(why=f"answered {answer.status}", wait=asked)

    def _said(self, error: Exception) -> str:
        # An error of aiohttp may repeat the address, and that may be a secret.
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        return f"{self._url.host}: {why}"


def shown(url: str) -> str:
    """An address without what may be secret in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or '?'}"


def open_session() -> aiohttp.ClientSession:
    """What webhooks share. To be made in a running loop, and closed."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=16, limit_per_host=4),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
    )

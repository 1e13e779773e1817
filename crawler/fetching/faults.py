"""What aiohttp and the sockets raise, in our words."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Iterator
from typing import Final

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from crawler.fetching.guard import AddressError
from crawler.model import BrokenReason, Value


class LostError(Exception):
    """The connection had ended before it was asked over."""


class TooSlowError(TimeoutError):
    """A body that drips."""


class NoRoomError(Exception):
    """Too much of other answers is in memory just now."""


RAISED: Final = (aiohttp.ClientError, HttpProcessingError, LostError, OSError)
"""All that a request may raise for what the network or the other side does (a TimeoutError is an OSError)."""


_REASONS: Final[tuple[tuple[type[BaseException], BrokenReason], ...]] = (
    (aiohttp.ClientSSLError, "tls"),
    (ssl.SSLError, "tls"),
    (aiohttp.ClientConnectorError, "connect"),
    (aiohttp.InvalidURL, "protocol"),
)


_OURS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL})


class Fault(Value, frozen=True, kw_only=True):
    """Why there is no whole answer."""

    reason: BrokenReason
    detail: str
    address: bool = False
    """It was the guard."""
    ours: bool = False
    """Our own machine lacks what a connection takes: that is nobody's fault but ours."""


def fault(error: BaseException) -> Fault:
    """Sort an exception of a request or of reading its answer."""
    refused = next((cause for cause in _causes(error) if isinstance(cause, AddressError)), None)
    if refused is not None:
        return Fault(reason="connect", detail=str(refused), address=True)
    match error:
        case aiohttp.ClientConnectorDNSError():
            return Fault(reason="dns", detail=f"{error.host}: {_dns(error.os_error)}")
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            return _proxy(error)
        case aiohttp.ClientResponseError() | HttpProcessingError():
            return Fault(reason="protocol", detail=f"not HTTP as it should be: {_line(error.message)}")
        case TimeoutError():
            return Fault(reason="timeout", detail=_timeout(error))
        case _:
            return _network(error)


def forget_where(error: BaseException) -> None:
    """Let go of the frames it was raised in, once it is sorted; to be called by whoever ends it.

    A connection's reader keeps what it raised, and that all it went through, the reader too: a ring with socket and visit,
    which lay until Python next looked for such. Where each twentieth answer was cut these were up to 1,170, with 10 MB.
    """
    for cause in _causes(error):
        cause.__traceback__ = None


def _proxy(error: aiohttp.ClientProxyConnectionError | aiohttp.ClientHttpProxyError) -> Fault:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return Fault(reason="connect", detail=f"the proxy refuses: status {error.status}")
    said = error.os_error
    what = _line(said.strerror or str(said))
    return Fault(reason="connect", detail=f"no way through the proxy: {what}", ours=said.errno in _OURS)


def _network(error: BaseException) -> Fault:
    if isinstance(error, aiohttp.ClientConnectorError) and (found := _unreached(error)) is not None:
        return found
    reason = next((reason for kind, reason in _REASONS if isinstance(error, kind)), None)
    if reason is None:
        return Fault(reason="cut", detail=f"the connection ended early: {_line(error)}")
    return Fault(reason=reason, detail=_connect(error))


def _unreached(error: aiohttp.ClientConnectorError) -> Fault | None:
    number = error.os_error.errno
    if number and not isinstance(error, aiohttp.ClientSSLError):  # a fault of TLS has a number of its own, which is no errno
        reason = os.strerror(number).lower()
        return Fault(reason="connect", detail=f"{error.host}:{error.port}: {reason}", ours=number in _OURS)
    if isinstance(error.os_error, ConnectionResetError):
        # asyncio's word, without a number, for an end in the middle of the handshake: mostly no version or cipher in common.
        return Fault(reason="tls", detail=f"{error.host}:{error.port}: hung up during the TLS handshake")
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    for _ in range(10):
        if found is None:
            return
        yield found
        found = found.os_error if isinstance(found, aiohttp.ClientConnectorError) else found.__cause__


def _connect(error: BaseException) -> str:
    """`127.0.0.1:80: connection refused`: the system's own words, not aiohttp's about them."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        wrong = error.certificate_error
        said = getattr(wrong, "verify_message", "") or _line(wrong)  # without the name and the line of OpenSSL's own file
        return _line(f"{error.host}:{error.port}: certificate: {said}")
    if isinstance(error, aiohttp.ClientSSLError) or not isinstance(error, aiohttp.ClientConnectorError):
        return _line(error)
    number = error.os_error.errno
    return f"{error.host}:{error.port}: {os.strerror(number).lower()}" if number else _line(error)


def _dns(error: OSError) -> str:
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return f"DNS can't say now ({error.strerror})"
    known = isinstance(error, socket.gaierror)
    return f"no such host ({error.strerror})" if known else _line(error)


def _timeout(error: BaseException) -> str:
    match error:
        case aiohttp.ConnectionTimeoutError():
            return "no connection in time"
        case aiohttp.SocketTimeoutError() | aiohttp.ServerTimeoutError():
            return "nothing came for too long"
        case TooSlowError():
            return _line(error)
        case _:
            return "it took too long altogether"


def _line(error: BaseException | str) -> str:
    """One line of bounded length: parts of it come from the other side."""
    return " ".join((str(error) or type(error).__name__).split())[:300]

"""Behaviours: TLS."""

from __future__ import annotations

from typing import Final

from tests.hostile.behaviours import (
    CUT,
    PAGE,
    RESET,
    SHORTENED,
    STAY,
    Behaviour,
    answer,
    bad,
    chunked,
    chunks,
    good,
    head,
    marked,
)

_ALERT: Final = b"\x15\x03\x03\x00\x02\x02\x28"
"""`handshake_failure`."""
_HELLO: Final = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + bytes(16)
"""A server's greeting that breaks off."""

TLS: Final[tuple[Behaviour, ...]] = (
    good("TLS as it should be", answer(), tls="good"),
    good("a length, and no goodbye", answer(), CUT, tls="good"),
    good("chunks, and no goodbye", chunked(chunks()), CUT, tls="good"),
    good("a page that ends with the goodbye", head() + PAGE, tls="good"),
    good("TLS 1.2", answer(), tls="good", newest="TLSv1.2"),
    marked("a page that ends without a goodbye", head() + SHORTENED, CUT, tls="good"),
    bad("a length not reached, without a goodbye", "cut", head("Content-Length: 9999") + SHORTENED, CUT, tls="good"),
    bad("chunks cut, without a goodbye", "cut", chunked(chunks(end=b"")), CUT, tls="good"),
    bad("a reset inside TLS", "cut", head() + SHORTENED, 0.05, RESET, tls="good"),
    bad("a certificate that has expired", "tls", answer(), tls="expired"),
    bad("a certificate of the future", "tls", answer(), tls="not-yet"),
    bad("a certificate signed by itself", "tls", answer(), tls="self-signed"),
    bad("a certificate of another host", "tls", answer(), tls="wrong-host"),
    bad("a certificate by nobody we know", "tls", answer(), tls="untrusted"),
    bad("TLS 1.1", "tls", answer(), tls="good", newest="TLSv1.1"),
    bad("TLS 1.0", "tls", answer(), tls="good", newest="TLSv1.0"),
    bad("plain HTTP where TLS should be", "tls", early=(answer(),), asked="https"),
    bad("an alert in place of a greeting", "tls", early=(_ALERT,), asked="https"),
    bad("a greeting that breaks off", "", early=(_HELLO,), asked="https"),
    bad("a greeting that never ends", "timeout", early=(_HELLO, STAY), asked="https"),
    bad("no greeting", "timeout", early=(STAY,), asked="https"),
    bad("a reset for a greeting", "", early=(RESET,), asked="https"),
    bad("nonsense for a greeting", "tls", early=(b"\xff" * 300, STAY), asked="https"),
    bad("TLS where plain HTTP should be", "", answer(), tls="good", asked="http"),
)

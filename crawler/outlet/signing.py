"""Signatures of webhooks, as Standard Webhooks 1.0 has them (standardwebhooks.com). Pure.

HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<body>`, in base64 behind `v1,`.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Final

_PREFIX: Final = "whsec_"


def key(secret: str) -> bytes:
    """The key a secret stands for: base64 behind `whsec_`, any other text as it is."""
    if secret.startswith(_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def signed(name: str, seconds: int, body: bytes, secret: str | None) -> Mapping[str, str]:
    """The headers of a message, at a time in seconds since 1970; without a secret there is no signature among them."""
    headers = {"webhook-id": name, "webhook-timestamp": str(seconds)}
    if secret is None:
        return headers
    digest = hmac.digest(key(secret), b"%s.%d.%s" % (name.encode(), seconds, body), "sha256")
    return {**headers, "webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}

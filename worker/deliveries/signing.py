"""Signs messages to webhooks, as https://www.standardwebhooks.com says; there are libraries that check such signatures.

`webhook-id` names the message: it is the same each time the message is sent again. `webhook-timestamp` is when it was
sent, in seconds since 1970. `webhook-signature` is `v1,` and the base64 of the HMAC-SHA256 over `ID.TIMESTAMP.BODY`,
whose key is the base64 behind `whsec_` in the secret.
"""

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
KEY_BYTES = 32


def new_secret() -> str:
    """Return a new secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def headers(secret: str, message_id: str, body: bytes, now: float) -> dict[str, str]:
    """Return the headers that name and sign a message; `now`: seconds since 1970."""
    timestamp = str(int(now))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }

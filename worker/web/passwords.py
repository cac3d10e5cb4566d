"""The page's password: only a hash of it is kept, made with scrypt (RFC 7914)."""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

COST, BLOCK, LANES = 2**15, 8, 1
"""scrypt's parameters N, r and p: about 0.1 s and 32 MB for each try (OWASP, "Password Storage", 2024)."""
MEMORY = 128 * COST * BLOCK * 2

FEWEST_CHARACTERS = 10
"""A password has at least this many characters."""
MOST_CHARACTERS = 200
"""A password has at most this many characters."""

SCHEME = "scrypt"
FILE = "web-password"
"""The name of the file in HOME that holds the hash."""


class WeakPassword(ValueError):
    """Raised if a password is too short or too long; the message says so."""


def hashed(password: str) -> str:
    """Return the hash of a password, with all that is needed to check it: `scrypt:N:r:p:salt:hash`.

    There is no `$` in it, which Compose and shells would replace. Raises `WeakPassword`.
    """
    if not FEWEST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        raise WeakPassword(
            f"The password has {len(password)} characters; give {FEWEST_CHARACTERS} to {MOST_CHARACTERS}."
        )
    salt = secrets.token_bytes(16)
    key = _key(password, salt, COST, BLOCK, LANES)
    return ":".join((SCHEME, str(COST), str(BLOCK), str(LANES), _text(salt), _text(key)))


def demand_usable(kept: str) -> None:
    """Raise `WeakPassword` if `kept` is neither a hash of ours nor a password that is long enough."""
    if not kept.startswith(f"{SCHEME}:"):
        hashed(kept)
        return
    try:
        is_right("", kept)
    except ValueError as error:
        raise WeakPassword("The hash of the password is damaged; set the password again.") from error


def is_right(password: str, kept: str) -> bool:
    """True if `kept` is the hash of this password. A `kept` that is no hash is the password itself (from `.env`)."""
    if len(password) > MOST_CHARACTERS:
        return False
    if not kept.startswith(f"{SCHEME}:"):
        return hmac.compare_digest(hashlib.sha256(password.encode()).digest(), hashlib.sha256(kept.encode()).digest())
    _, cost, block, lanes, salt, key = kept.split(":")
    tried = _key(password, urlsafe_b64decode(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(tried, urlsafe_b64decode(key))


def kept_in(home: Path | None) -> str:
    """Return the hash that is kept in a HOME; an empty text if there is none."""
    if home is None:
        return ""
    try:
        return (home / FILE).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def keep(home: Path, hash_of_it: str) -> Path:
    """Write a hash into a HOME, readable by its owner only; return the file."""
    path, fresh = home / FILE, home / f"{FILE}.{os.getpid()}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{hash_of_it}\n")
    fresh.replace(path)
    return path


def _key(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=MEMORY, dklen=32)


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode("ascii")

"""Authorization codes: signed, so that each worker process knows those of the other, and good for one use."""

import base64
import contextlib
import hashlib
import hmac
import os
import time
from pathlib import Path
from typing import Any

from support_api.demo.issuer import DemoIssuer
from support_api.demo.login.asking import Asked

LIFETIME_SECONDS = 60
_KIND = "demo-code+jwt"


class Codes:
    """`folder` is shared by the workers: a file there for each code that was used, until it would have ended anyway."""

    def __init__(self, issuer: DemoIssuer, folder: Path) -> None:
        self._issuer = issuer
        self._folder = folder

    def new(self, asked: Asked, person: str) -> str:
        claims = {
            "sub": person,
            "client_id": asked.client_id,
            "redirect_uri": asked.redirect_uri,
            "challenge": asked.challenge,
            "scopes": asked.scopes,
            "nonce": asked.nonce,
        }
        return self._issuer.signed(claims, _KIND, LIFETIME_SECONDS)

    def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> dict[str, Any] | None:
        """What it was given for; None if it is not good, or not for this client, address and verifier, or was used."""
        found = self._issuer.opened(code, _KIND)
        if found is None or (found["client_id"], found["redirect_uri"]) != (client_id, redirect_uri):
            return None
        if not hmac.compare_digest(challenge_of(verifier).encode(), found["challenge"].encode()):
            return None
        return found if self._first_use(found["jti"]) else None

    def _first_use(self, jti: str) -> bool:
        """By its id, and not by its spelling: a signature can be written in another way."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for used in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if used.stat().st_mtime < time.time() - 2 * LIFETIME_SECONDS:
                    used.unlink()
        try:
            os.close(os.open(self._folder / jti, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            return False
        return True


def challenge_of(verifier: str) -> str:
    """RFC 7636, 4.2: S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()

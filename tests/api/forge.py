"""Tokens as an attacker would make them: any header, any claims, any key."""

import base64
import json
from collections.abc import Callable
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from tests.conftest import World

_ES256 = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256)


def encode(part: Any) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Forge:
    """`token()` is a good one of Teun's; each argument spoils it. A value of None leaves a member out."""

    def __init__(self, world: World) -> None:
        self.key = world.cluster.issuer._key
        good = world.token("teun").split(".")
        self.header, self.claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in good[:2])
        self.other = ec.generate_private_key(ec.SECP256R1())

    def token(
        self,
        header: dict[str, Any] | bytes | None = None,
        claims: dict[str, Any] | bytes | None = None,
        key: Any = None,
    ) -> str:
        parts = [self._part(self.header, header), self._part(self.claims, claims)]
        signed = ".".join(encode(part) for part in parts)
        signature = (
            key(signed.encode()) if callable(key) else _ES256.sign(signed.encode(), self.key if key is None else key)
        )
        return f"{signed}.{encode(signature)}"

    def signature(self, signed: str) -> bytes:
        return _ES256.sign(signed.encode(), self.key)

    @staticmethod
    def _part(good: dict[str, Any], changes: dict[str, Any] | bytes | None) -> Any:
        if isinstance(changes, bytes):
            return changes
        return {name: value for name, value in {**good, **(changes or {})}.items() if value is not None}

    def raw(self, **members: str) -> bytes:
        """The good claims as JSON text, with members added as they are written: twice, or as no JSON number."""
        text = json.dumps({name: value for name, value in self.claims.items() if name not in members})
        return (text[:-1] + "".join(f', "{name}": {value}' for name, value in members.items()) + "}").encode()


def unsigned(decode: Callable[..., Any]) -> Callable[..., Any]:
    """For positive controls: `jwt.decode` that takes any signature."""

    def lenient(*args: Any, **kwargs: Any) -> Any:
        kwargs["options"] = {**kwargs["options"], "verify_signature": False, "verify_exp": True}
        return decode(*args, **kwargs)

    return lenient

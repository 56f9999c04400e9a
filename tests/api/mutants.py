"""Mutants of a good token, without end and always the same ones: of its bytes, of its header and claims, of its
signature, and of the header in which it travels."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from cryptography.hazmat.primitives import serialization

from tests.api.forge import Forge, encode

_CHARACTERS = "AZaz09-_.=+/ ,\t\x00\x7f\xe9{}\"'"
_VALUES: list[Any] = [
    *(None, True, False, 0, 1, -1, 5, 1.5, 10**30, -(10**30), 2**31, 2**63, 1e308, [], {}, [[]], [{}], {"": {}}),
    *("", " ", "\x00", "x" * 300, "none", "HS256", "RS256", "PS256", "ES256", "EdDSA", "JWT", "at+jwt", "AT+JWT"),
    *("../../etc/passwd", "' or 1=1 --", "{{7*7}}", "%s%n", "é", "\U0001f600", "support-api", "worker", "teun"),
    *(["support-api"], ["support-api", 5], ["at+jwt"], [None], {"support-api": True}, ["exp"], "5", "1e9", "NaN"),
]
_NAMES = ("alg", "typ", "kid", "crit", "jku", "x5u", "jwk", "x5c", "b64", "zip", "cty", "enc", "epk", "p2c")
_CLAIMS = ("nbf", "azp", "scp", "roles", "iss", "aud", "exp", "iat", "jti", "acr", "cnf", "constructor", "__proto__")


class Mutants:
    """`address`: where a fetch would be noticed."""

    def __init__(self, forge: Forge, address: str, seed: int) -> None:
        self.forge, self.address, self.random = forge, address, Random(seed)
        self.ways: list[Callable[[], list[str]]] = [self.bytewise, self.inside, self.shaped, self.shaped, self.carried]

    def __iter__(self) -> Iterator[list[str]]:
        """The values of the Authorization headers of one request each."""
        while True:
            yield self.random.choice(self.ways)()

    def bytewise(self) -> list[str]:
        """Of the token as it is written."""
        return [f"Bearer {self._spoilt(self.forge.token())}"]

    def inside(self) -> list[str]:
        """Of the bytes of one part, which is then written well."""
        parts = [json.dumps(self.forge.header).encode(), json.dumps(self.forge.claims).encode()]
        parts.append(self.forge.signature(".".join(encode(part) for part in parts)))
        place = self.random.randrange(3)
        parts[place] = self._spoilt(parts[place].decode("latin-1")).encode("latin-1")
        return ["Bearer " + ".".join(encode(part) for part in parts)]

    def shaped(self) -> list[str]:
        """Of the header or the claims, as JSON still; signed by anyone, and by the issuer most of all."""
        header, claims = json.dumps(self.forge.header).encode(), json.dumps(self.forge.claims).encode()
        if self.random.random() < 0.4:
            header = self._reshaped(self.forge.header, _NAMES)
        else:
            claims = self._reshaped(self.forge.claims, _CLAIMS)
        signer = self.random.choice([self.forge.key] * 6 + [self.forge.other, self._by_secret, lambda _: b""])
        return [f"Bearer {self.forge.token(header, claims, signer)}"]

    def carried(self) -> list[str]:
        """Of the Authorization header."""
        token = self.forge.token()
        scheme = self.random.choice(
            ["Bearer", "bearer", "BEARER", "Basic", "DPoP", "Token", "", "Bearer Bearer", "Bearer,"]
        )
        between = self.random.choice([" ", " ", "  ", "\t", "", "=", ": ", "\xa0"])
        after = self.random.choice(["", "", " ", ",", ";", "=", " x", f", Bearer {token}", "\x00"])
        return [f"{scheme}{between}{token}{after}"] * self.random.choice([1, 1, 1, 2, 3])

    def _spoilt(self, text: str) -> str:
        for _ in range(self.random.choice([1, 1, 1, 2, 5])):
            at, length = self.random.randrange(len(text) + 1), self.random.choice([0, 1, 1, 2, 30])
            instead = "".join(self.random.choices(_CHARACTERS, k=self.random.choice([0, 1, 1, 2, 20])))
            text = text[:at] + instead + text[at + length :]
        return text

    def _reshaped(self, good: dict[str, Any], names: tuple[str, ...]) -> bytes:
        made = dict(good)
        name = self.random.choice([*good, *good, *names])
        ways: list[Callable[[], Any]] = [
            lambda: made.pop(name, None),
            lambda: made.update({name: self._value()}),
            lambda: made.update({name: self._value()}),
            lambda: made.update({name.upper(): made.pop(name, None)}),
            lambda: made.update({name: [made.get(name)]}),
            lambda: made.update({name: self._nearly(made.get(name))}),
            lambda: made.update(self._of_another_time(made)),
        ]
        self.random.choice(ways)()
        text = json.dumps(made)
        if self.random.random() < 0.1:
            text = text[:-1] + f', "{name}": {json.dumps(self._value())}}}'
        return text.encode()

    def _value(self) -> Any:
        return self.random.choice([*_VALUES, self.address, self.forge.header["kid"]])

    def _nearly(self, value: Any) -> Any:
        """Just before, just after, or with something at an end."""
        if isinstance(value, int):
            return value + self.random.choice([-4000, -700, -31, -1, 1, 20, 31, 3600, 0.5])
        end = self.random.choice(["\x00", " ", "/", "\n", "x", "é"])
        return self.random.choice([f"{value}{end}", f"{end}{value}", str(value).upper(), str(value)[:-1]])

    def _of_another_time(self, made: dict[str, Any]) -> dict[str, int]:
        shift = self.random.choice([-7200, -3700, -3600, -31, 20, 31, 100])
        return {name: made[name] + shift for name in ("iat", "exp") if name in made}

    def _by_secret(self, signed: bytes) -> bytes:
        """HS256 with what everybody knows."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        pem = self.forge.key.public_key().public_bytes(serialization.Encoding.PEM, form)
        return hmac.digest(pem, signed, hashlib.sha256)

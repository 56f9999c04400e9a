"""The hostile tokens: each is a good one of Teun's with one thing spoilt (RFC 8725, 3; RFC 9068, 4)."""

import hashlib
import hmac
import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from support_api.demo.cast import VOORBEELDSTAD
from tests.api.forge import Forge, encode
from tests.hostile.corpus.identifiers import spellings

DEEP = b"[" * 2400 + b"]" * 2400


def headers(forge: Forge, listener: str) -> dict[str, str]:
    """Spoilt headers: the algorithm, the key, and where to get the key."""
    theirs = jwt.algorithms.ECAlgorithm.to_jwk(forge.other.public_key(), as_dict=True)
    pem = forge.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    rsa_key = rsa.generate_private_key(65537, 2048)

    def rs256(signed: bytes) -> bytes:
        return rsa_key.sign(signed, padding.PKCS1v15(), hashes.SHA256())

    def hs256(signed: bytes) -> bytes:
        return hmac.digest(pem, signed, hashlib.sha256)

    def nothing(_: bytes) -> bytes:
        return b""

    changes: dict[str, tuple[Any, Any]] = {
        "alg none": ({"alg": "none"}, nothing),
        "alg nOnE": ({"alg": "nOnE"}, None),
        "alg missing": ({"alg": None}, None),
        "alg list": ({"alg": ["ES256"]}, None),
        "HS256 with the public key": ({"alg": "HS256"}, hs256),
        "HS256 said ES256": ({}, hs256),
        "RS256 not listed": ({"alg": "RS256"}, rs256),
        "ES384": ({"alg": "ES384"}, None),
        "another key": ({}, forge.other),
        "another key, embedded": ({"jwk": theirs}, forge.other),
        "another key by jku": ({"jku": listener}, forge.other),
        "another key by x5u": ({"x5u": listener, "kid": "theirs"}, forge.other),
        "empty signature": ({}, nothing),
        "signature of zeros": ({}, lambda _: b"\x00" * 64),
        "crit": ({"crit": ["exp"]}, None),
        "crit 5": ({"crit": 5}, None),
        "crit odd": ({"crit": [{}]}, None),
        "crit b64": ({"crit": ["b64"], "b64": False}, None),
        "kid missing": ({"kid": None}, None),
        "kid unknown": ({"kid": "unknown"}, None),
        "kid path": ({"kid": "../../../../dev/null"}, None),
        "kid sql": ({"kid": "' or 1=1 --"}, None),
        "kid number": ({"kid": 5}, None),
        "kid list": ({"kid": [forge.header["kid"]]}, None),
        "typ JWT": ({"typ": "JWT"}, None),
        "typ missing": ({"typ": None}, None),
        "typ list": ({"typ": ["at+jwt"]}, None),
        "no object": (b"[]", None),
        "no json": (b"{", None),
        "utf-16": ('{"alg": "ES256"}'.encode("utf-16"), None),
        "not utf-8": (b'{"alg": "\xff"}', None),
        "deep": (json.dumps(forge.header)[:-1].encode() + b', "x": ' + DEEP + b"}", None),
        "twice": (
            b'{"alg": "none", "alg": "ES256", "typ": "at+jwt", "kid": "%s"}' % forge.header["kid"].encode(),
            None,
        ),
    }
    return {name: forge.token(header, key=key) for name, (header, key) in changes.items()}


def claims(now: int) -> dict[str, Any]:
    """Spoilt claims: missing, of another kind, not for us, not now."""
    return {
        **{f"{name} missing": {name: None} for name in ("iss", "aud", "exp", "iat", "sub", "jti", "client_id")},
        **{f"{name} missing": {name: None} for name in ("municipality", "role")},
        **{
            f"{name} a list": {name: ["x"]} for name in ("iss", "exp", "iat", "sub", "jti", "client_id", "scope", "acr")
        },
        **{f"{name} a number": {name: 5} for name in ("iss", "aud", "sub", "jti", "client_id", "scope", "role")},
        **{f"{name} empty": {name: ""} for name in ("iss", "aud", "sub", "jti", "client_id", "municipality", "role")},
        "another audience": {"aud": "another-api"},
        "audiences without ours": {"aud": ["another-api", "support-api-2"]},
        "audiences of odd kinds": {"aud": ["support-api", 5]},
        "audience object": {"aud": {"support-api": True}},
        "expired": {"exp": now - 60, "iat": now - 600},
        "not yet": {"nbf": now + 600},
        "nbf odd": {"nbf": "soon"},
        **{f"nbf {value!r}": {"nbf": value} for value in ("1", "1_0", "\u0665", " 1", 1.5, 1.0, True, False, [1])},
        "from the future": {"iat": now + 600, "exp": now + 900},
        "too long": {"iat": now, "exp": now + 3601},
        "backwards": {"iat": now + 20, "exp": now + 10},
        "exp text": {"exp": str(now + 600)},
        "exp fraction": {"exp": now + 600.5},
        "exp true": {"exp": True},
        "exp enormous": {"exp": 10**30},
        "another issuer": {"iss": "https://issuer.example"},
        "issuer with a slash": {"iss": "urn:support-api:demo/"},
        "unknown municipality": {"municipality": "0199aaaa-0000-7000-8000-0000000000ff"},
        "municipality no id": {"municipality": "voorbeeldstad"},
        **{f"municipality respelt as {value}": {"municipality": value} for value in spellings(str(VOORBEELDSTAD.id))},
        "unknown role": {"role": "director"},
        "roles": {"role": ["worker"]},
        "sub with NUL": {"sub": "teun\x00"},
        "sub too long": {"sub": "t" * 256},
        "jti with a space": {"jti": "a b"},
        "client with a newline": {"client_id": "werkplek\n"},
        "jti too long": {"jti": "j" * 256},
        "client too long": {"client_id": "c" * 256},
        "acr too long": {"acr": "a" * 256},
        "scope too long": {"scope": "me:read ".ljust(2001, "x")},
        "no object": b"[]",
        "no json": b"{",
        "deep": b'{"iss": "urn:support-api:demo", "x": ' + DEEP + b"}",
    }


_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def respelt(forge: Forge) -> dict[str, str]:
    """A good token, with a part of it written in another way that decodes to the same bytes, and signed so."""
    found = {}
    for place, name in enumerate(("header", "payload", "signature")):
        # A space more in the JSON, until there are bits after the last byte.
        texts = (json.dumps(forge.claims).encode() + b" " * spaces for spaces in range(3))
        heads = [json.dumps(forge.header).encode() + b" " * spaces for spaces in range(3)]
        parts = next(p for text in texts for head in heads if len((p := [head, text])[min(place, 1)]) % 3)
        spelt = [encode(part) for part in parts]
        if place < 2:
            spelt[place] = _other_bits(spelt[place])
        signature = encode(forge.signature(".".join(spelt)))
        found[f"respelt {name}"] = ".".join([*spelt, _other_bits(signature) if place == 2 else signature])
    return found


def _other_bits(part: str) -> str:
    """The last character stands for 2 or 4 bits; the others of its 6 are set here."""
    return part[:-1] + _ALPHABET[_ALPHABET.index(part[-1]) + 1]


def schemes(token: str) -> dict[str, list[str]]:
    """Spoilt Authorization headers around a good token."""
    header, payload, signature = token.split(".")
    wrapped = ("", "Bearer", "Bearer ", "bearer", "Basic {t}", "{t}", "Bearer{t}", "Bearer\t{t}", "Bearer \t{t}")
    wrapped += ("Bearer\xa0{t}", "Bearer Bearer {t}", "Be\xe4rer {t}", "Bearers {t}")
    wrapped += ("Bearer {t} ", " Bearer {t}", "Bearer {t}, Bearer {t}", "Bearer {t}=", "Bearer {t}.{t}", "Bearer: {t}")
    found = {each: [each.format(t=token)] for each in wrapped}
    found["no header"] = []
    found["two headers"] = [f"Bearer {token}"] * 2
    found["five parts"] = [f"Bearer {token}.x.y"]
    found["two parts"] = [f"Bearer {header}.{payload}"]
    found["no signature"] = [f"Bearer {header}.{payload}."]
    found["junk in the signature"] = [f"Bearer {header}.{payload}.!{signature}"]
    found["not ascii"] = [f"Bearer {header}.{payload}.é{signature}"]
    found["very long"] = [f"Bearer {header}.{payload}.{'A' * 8200}"]
    return found


def hostile(forge: Forge, listener: str) -> dict[str, list[str]]:
    tokens = {f"header: {name}": token for name, token in headers(forge, listener).items()}
    tokens |= {f"claims: {name}": forge.token(claims=spoilt) for name, spoilt in claims(int(time.time())).items()}
    tokens["claims: sub twice"] = forge.token(claims=forge.raw(sub='"fien", "sub": "teun"'))
    tokens["claims: exp infinite"] = forge.token(claims=forge.raw(exp="1e999"))
    tokens["claims: exp no number"] = forge.token(claims=forge.raw(exp="NaN"))
    tokens["payload of another"] = ".".join(
        (forge.token().split(".")[0], encode({**forge.claims, "sub": "sanne"}), forge.token().split(".")[2])
    )
    tokens |= respelt(forge)
    return {name: [f"Bearer {token}"] for name, token in tokens.items()} | schemes(forge.token())

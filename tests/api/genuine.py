"""Whether a token is genuine, found out by other means than the service's own: to judge mutants by."""

import base64
import json
import re
import time
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from support_api.demo.cast import VERZONNERDAM, VOORBEELDSTAD
from support_api.domain.vocabulary import Role
from tests.api.forge import Forge, encode

TOWNS = (VOORBEELDSTAD.id, VERZONNERDAM.id)
_COMPACT = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([\w-]+)\.([\w-]+)\.([\w-]+)", re.ASCII)
_CLOCKS = 31


def genuine(forge: Forge, values: list[str]) -> bool:
    """The issuer signed just this, for us, and for now."""
    found = _COMPACT.fullmatch(values[0]) if len(values) == 1 else None
    if found is None:
        return False
    head, body, signature = found.groups()
    try:
        raw = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in found.groups()]
        header, claims = (json.loads(part, object_pairs_hook=_once) for part in raw[:2])
    except ValueError:
        return False
    well_written = [encode(part) for part in raw] == [head, body, signature]
    return (
        well_written
        and _is_signed(forge, f"{head}.{body}".encode(), raw[2])
        and _header_fits(forge, header)
        and _claims_fit(forge, claims)
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


def _is_signed(forge: Forge, signed: bytes, signature: bytes) -> bool:
    if len(signature) != 64:
        return False
    both = encode_dss_signature(*(int.from_bytes(half, "big") for half in (signature[:32], signature[32:])))
    try:
        forge.key.public_key().verify(both, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _header_fits(forge: Forge, header: Any) -> bool:
    return (
        isinstance(header, dict)
        and header.get("typ") in ("at+jwt", "application/at+jwt")
        and (header.get("alg"), header.get("kid")) == ("ES256", forge.header["kid"])
        and "crit" not in header
    )


def _claims_fit(forge: Forge, claims: Any) -> bool:
    return (
        isinstance(claims, dict)
        and all(isinstance(claims.get(name), str) and claims[name] for name in ("iss", "sub", "jti"))
        and claims["iss"] == forge.claims["iss"]
        and "support-api" in (claims["aud"] if isinstance(claims.get("aud"), list) else [claims.get("aud")])
        and any(isinstance(claims.get(name), str) for name in ("client_id", "azp"))
        and claims.get("role") in list(Role)
        and claims.get("municipality") in [str(town) for town in TOWNS]
        and _is_now(claims)
    )


def _is_now(claims: dict[str, Any]) -> bool:
    begins, ends, now = claims.get("iat"), claims.get("exp"), time.time()
    if type(begins) is not int or type(ends) is not int:
        return False
    from_then_on = claims.get("nbf", 0)
    return (
        type(from_then_on) is int
        and from_then_on <= now + _CLOCKS
        and begins <= now + _CLOCKS
        and now - _CLOCKS < ends
        and 0 < ends - begins <= 3600
    )

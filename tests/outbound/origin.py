"""An issuer's web server, real and as unhelpful as asked."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

_PRIVATE = {"EC": ec.generate_private_key(ec.SECP256R1()), "RSA": rsa.generate_private_key(65537, 2048)}


def entry(kid: str | None, *, kind: str = "EC", private: bool = False, **members: Any) -> dict[str, Any]:
    algorithm: Any = jwt.algorithms.ECAlgorithm if kind == "EC" else jwt.algorithms.RSAAlgorithm
    key = _PRIVATE[kind] if private else _PRIVATE[kind].public_key()
    whole = {**algorithm.to_jwk(key, as_dict=True), "kid": kid, "use": "sig", **members}
    return {name: value for name, value in whole.items() if value is not None}


def keyset(*kids: str) -> bytes:
    return json.dumps({"keys": [entry(kid) for kid in kids]}).encode()


class Origin:
    """An issuer's web server; `trickle` is what it goes on sending, bit by bit, until the client leaves."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answered = asyncio.Event()
        self.address = ""
        self.answers()

    def answers(
        self, body: bytes | None = None, status: int = 200, headers: str = "", trickle: bytes | None = None
    ) -> None:
        self.body = keyset("k1") if body is None else body
        self.status, self.headers, self.trickle = status, headers, trickle

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(request.split(" ")[1])
        with suppress(ConnectionError):
            head = f"HTTP/1.1 {self.status} X\r\nConnection: close\r\n{self.headers}\r\n"
            writer.write(head.encode() + self.body)
            await writer.drain()
            self.answered.set()
            if self.trickle is not None:
                await self._until_gone(reader, writer, self.trickle)

    @staticmethod
    async def _until_gone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, trickle: bytes) -> None:
        gone = asyncio.create_task(reader.read())
        while not gone.done():
            writer.write(trickle)
            await asyncio.wait([gone], timeout=0.01)
        await gone

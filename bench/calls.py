"""One HTTP request, as bytes for the load and as an ASGI scope for the count inside a process."""

import json
from dataclasses import dataclass, field
from typing import Any

KEY = "{key-of-each-request-its-own}"


@dataclass(frozen=True)
class Call:
    """`KEY` as the value of a header is another one in each request that is sent. `turns`: others like it, that the
    load sends in turns with it, so that not all callers want the same resident at the same moment."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    turns: tuple["Call", ...] = ()

    @property
    def content(self) -> bytes:
        return b"" if self.body is None else json.dumps(self.body).encode()

    def lines(self) -> dict[str, str]:
        found = {"Host": "127.0.0.1", "Accept": "application/json", **self.headers}
        if self.body is not None:
            found |= {"Content-Type": "application/json", "Content-Length": str(len(self.content))}
        return found

    def wire(self) -> bytes:
        head = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in self.lines().items())]
        return "\r\n".join([*head, "", ""]).encode() + self.content

    def scope(self, key: str) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        pairs = {name.lower(): key if value == KEY else value for name, value in self.lines().items()}
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in pairs.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }

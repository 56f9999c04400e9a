"""All settings, from `SUPPORT_API_*` in the environment. Read by the entry points alone.

What each means stands here, for docs/running.md too: `make tables` writes its tables anew.
"""

import base64
import json
import re
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import SettingsError as Unparsed

Algorithm = Literal["RS256", "PS256", "ES256", "EdDSA"]
# Any port only on this machine; without TLS too.
_ALLOWED_ORIGIN = re.compile(
    r"https://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5}|:\*)?"
)


class SettingsError(Exception):
    """Says in one line which variable to mend."""


class IssuerSettings(BaseModel):
    """One token issuer that is trusted, and how its claims are read."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    issuer: str = Field(description="`iss` of its tokens, to the letter.")
    jwks_uri: str | None = Field(
        None, description="Where its public keys are. Use `https`. Fetched at the start and every five minutes."
    )
    jwks: dict[str, Any] | None = Field(None, description="The public keys themselves, instead of an address.")
    algorithms: tuple[Algorithm, ...] = Field(
        ("PS256", "RS256", "ES256"),
        description="What it may sign with; `EdDSA` is possible too. Never a shared secret.",
    )
    municipalities: tuple[UUID, ...] = Field(
        (), description="Ids of the municipalities that it may speak for. With none named: all."
    )
    max_lifetime_seconds: int = Field(
        900, description="Longest time from `iat` to `exp`; a token that lives longer is refused."
    )
    municipality_claim: str = Field("municipality", description="The claim with the municipality's id.")
    role_claim: str = Field("role", description="The claim with the one acting role.")
    bsn_claim: str | None = Field(
        None,
        description="The claim with the caller's BSN, where the issuer may tell it. Hashed at once, never stored or "
        "logged.",
    )
    subject_namespace: str | None = Field(
        None,
        min_length=1,
        description="The name under which its subjects are hashed; its own if none. See "
        "[An issuer that moves](#an-issuer-that-moves).",
    )
    assurance: dict[str, Literal[0, 1, 2, 3]] = Field(
        default_factory=dict,
        description="Which `acr` means which level: 1 low, 2 substantial, 3 high. What is not named has level 0.",
    )
    demo: bool = Field(
        False, description="Marks the demo's own issuer, which is refused with any database but the demo's."
    )

    @field_validator("jwks")
    @classmethod
    def _with_keys(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        keys = None if value is None else value.get("keys")
        if value is not None and not (isinstance(keys, list) and keys and all(isinstance(key, dict) for key in keys)):
            raise ValueError("not a JSON Web Key Set with keys")
        return value


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="SUPPORT_API_", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: SecretStr | None = Field(
        None, description="The main database, as the serving log-in: `postgresql://user:password@host:5432/database`."
    )
    keys_database_url: SecretStr | None = Field(
        None,
        description="The key store, as the key store's log-in. Without it, the key store is sought in the main "
        "database.",
    )
    migrate_database_url: SecretStr | None = Field(None, description="The main database, as the migrating log-in.")
    migrate_keys_database_url: SecretStr | None = Field(
        None,
        description="The key store, as the migrating log-in. Without it, the key store is made in the main database.",
    )
    keyring: SecretStr | None = Field(None, description="The keyring itself (JSON). Goes before the file.")
    keyring_file: Path | None = Field(None, description="A file with the keyring. Prefer this.")
    issuers: list[IssuerSettings] = Field(
        default_factory=list, description="The trusted token issuers (JSON list). Goes before the file."
    )
    issuers_file: Path | None = Field(None, description="A file with the trusted token issuers.")
    audience: str = Field("support-api", description="What `aud` of a token must contain.")
    public_url: str = Field(
        "http://127.0.0.1:8000", description="The address that callers use; it stands in links and in `Location`."
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Web pages that may call from a browser, see [Web pages](#web-pages). With none named: none."
    )
    host: str = Field("127.0.0.1", description="The address to listen on; the image listens on `0.0.0.0`.")
    port: int = Field(
        default=8000, ge=1, le=65535, description="The port to listen on. If it is taken, `serve` stops with one line."
    )
    workers: int = Field(default=2, ge=1, le=64, description="Worker processes, 1 to 64. About one for each core.")
    pool_size: int = Field(
        default=10,
        ge=2,
        le=200,
        description="Most connections of one worker to the main database, 2 to 200. To the key store it has at most 2.",
    )
    pooler: bool = Field(
        False, description="Whether a pooler in transaction mode stands in between, see [Pooling](#pooling)."
    )
    client_per_second: float = Field(
        default=200,
        ge=0,
        le=100_000,
        description="Calls per second of one client, see [Rate limits](#rate-limits). 0: no limit.",
    )
    municipality_per_second: float = Field(
        default=500,
        ge=0,
        le=100_000,
        description="Calls per second of all clients of one municipality together. 0: no limit.",
    )
    searches_per_minute: float = Field(
        default=60,
        ge=0,
        le=100_000,
        description="Look-ups by number or address per minute of one person or system. 0: no limit.",
    )
    meter_file: Path | None = Field(
        None,
        description="Where processes of one machine count together. `serve` makes a file for its own workers; name one "
        "to share it among several `serve`.",
    )
    pages: bool = Field(
        True,
        description="Pages for people, without data: the start page at `/`, the API reference at `/docs`. With `false` "
        "they are not there (404).",
    )
    drain_seconds: float = Field(
        default=5,
        ge=0,
        le=300,
        description="How long the service goes on after `SIGTERM` while it says that it isn't ready, see "
        "[Stopping](#stopping). 0: not at all.",
    )
    run_folder: Path | None = Field(
        None,
        description="How the workers of one `serve` learn that it is about to stop, and where they count together. "
        "`serve` makes it itself.",
    )
    metrics_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="Where Prometheus finds the [metrics](#metrics), at `/metrics`. Without a port nothing is counted.",
    )
    metrics_host: str = Field("127.0.0.1", description="The address of that port. Not for the outside.")
    traces_endpoint: str | None = Field(
        None,
        pattern="^https?://[^/?#@]+/[^?#]*$",
        description="Where [traces](#traces) are sent (OTLP over HTTP): `http://collector:4318/v1/traces`. "
        "Without it nothing is traced.",
    )
    traces_share: float = Field(
        1, ge=0, le=1, description="Which share of requests is traced, where the caller doesn't say whether to."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="`text` or `json`: a line, or an object on a line, see [Logs](#logs)."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="`debug`, `info`, `warning` or `error`."
    )

    @field_validator("public_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(re.split(r"[\s,]+", value.strip())) if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_ALLOWED_ORIGIN.fullmatch(each) for each in value):
            raise ValueError("each is as a browser says it, https://werkplek.example or http://localhost:5173")
        return value

    def url(self, name: Literal["database", "keys_database", "migrate_database", "migrate_keys_database"]) -> str:
        """The URL of that name; the key store lies in the main database unless it has its own."""
        chosen: SecretStr | None = getattr(self, f"{name}_url") or getattr(self, f"{name.replace('keys_', '')}_url")
        if chosen is None or not _is_postgresql(chosen.get_secret_value()):
            raise SettingsError(f"set SUPPORT_API_{name.upper()}_URL to the URL of a PostgreSQL 15 or newer")
        return chosen.get_secret_value()

    def trusted_issuers(self) -> list[IssuerSettings]:
        found = self.issuers or _issuers_from(self.issuers_file)
        if not found:
            raise SettingsError("set SUPPORT_API_ISSUERS (JSON) or SUPPORT_API_ISSUERS_FILE: who issues the tokens?")
        return found

    def ring(self) -> tuple[str, dict[str, bytes], bytes]:
        """The keyring: name of the current wrapping key, all wrapping keys, and the root of the look-up keys."""
        text = self.keyring.get_secret_value() if self.keyring else _read(self.keyring_file, "SUPPORT_API_KEYRING_FILE")
        if not text:
            raise SettingsError("set SUPPORT_API_KEYRING or SUPPORT_API_KEYRING_FILE; `support-api keyring` makes one")
        try:
            ring = json.loads(text)
            wrapping = {name: base64.b64decode(key, validate=True) for name, key in ring["wrapping"].items()}
            root = base64.b64decode(ring["root"], validate=True)
            if any(len(key) != 32 for key in (*wrapping.values(), root)) or ring["current"] not in wrapping:
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SettingsError("the keyring is not one that `support-api keyring` made") from None
        return ring["current"], wrapping, root


def make_keyring() -> str:
    """A new keyring, for a secret store or a file that only the service can read."""

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return json.dumps({"current": "k1", "wrapping": {"k1": key()}, "root": key()})


def read_settings(**overrides: Any) -> Settings:
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise SettingsError(_first(error, "SUPPORT_API_")) from None
    except Unparsed:
        raise SettingsError("SUPPORT_API_ISSUERS: not a JSON list of issuers") from None


def _is_postgresql(url: str) -> bool:
    try:
        parts = urlsplit(url)
        several = "," in parts.netloc
        return parts.scheme in ("postgresql", "postgres") and (several or parts.port != 0)
    except ValueError:
        return False


def _issuers_from(path: Path | None) -> list[IssuerSettings]:
    text = _read(path, "SUPPORT_API_ISSUERS_FILE")
    if not text:
        return []
    try:
        return [IssuerSettings.model_validate(entry) for entry in json.loads(text)]
    except ValidationError as error:
        raise SettingsError(_first(error, "SUPPORT_API_ISSUERS_FILE: ")) from None
    except (ValueError, TypeError):
        raise SettingsError("SUPPORT_API_ISSUERS_FILE: not a JSON list of issuers") from None


def _read(path: Path | None, name: str) -> str:
    if path is None:
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise SettingsError(f"{name}: that file can't be read") from None


def _first(error: ValidationError, prefix: str) -> str:
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return (
        f"{prefix}{'.'.join(str(part) for part in fault['loc']).upper()}: {fault['msg'].removeprefix('Value error, ')}"
    )

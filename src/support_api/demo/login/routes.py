"""The addresses of the demo's OpenID provider."""

from typing import Any

from litestar import Request, Response, get, post, route
from litestar.handlers import HTTPRouteHandler

from support_api.demo.here import no_foreign_page, only_here
from support_api.demo.issuer import ACR
from support_api.demo.login.asking import SCOPES
from support_api.demo.login.exchanging import Exchange, Refused
from support_api.demo.login.provider import Provider

Anything = Request[Any, Any, Any]
_FORM = "application/x-www-form-urlencoded"
_METADATA = (
    "/demo/.well-known/openid-configuration",
    "/demo/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/demo",  # RFC 8414, 3.1
)


def handlers(provider: Provider, exchange: Exchange) -> list[HTTPRouteHandler]:
    @get(list(_METADATA), guards=[only_here])
    async def configuration() -> dict[str, Any]:
        return metadata(provider.issuer.name)

    @get("/demo/jwks", guards=[only_here])
    async def jwks() -> dict[str, Any]:
        return provider.issuer.jwks

    @route("/demo/authorize", http_method=["GET", "POST"], status_code=200, guards=[only_here])
    async def authorize(request: Anything) -> Response[bytes]:
        """It shows a page and no more, so any site may send people here with a form too (OpenID Connect, 3.1.2.1)."""
        return provider.ask(request.scope["query_string"] if request.method == "GET" else await request.body())

    @post("/demo/login", status_code=200, guards=[no_foreign_page])
    async def choose(request: Anything) -> Response[bytes]:
        return provider.choose(await request.body())

    @post("/demo/token", status_code=200, guards=[only_here])
    async def token(request: Anything) -> Response[dict[str, Any]]:
        """Open to every page: whoever has the code and its verifier was given them."""
        try:
            if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
                raise Refused("invalid_request", f"send {_FORM}")
            return Response(exchange.tokens(await request.body()), headers={"Pragma": "no-cache"})
        except Refused as refused:
            said = {"error": refused.error, "error_description": refused.description}
            return Response(said, status_code=refused.status)

    return [configuration, jwks, authorize, choose, token]


def metadata(issuer: str) -> dict[str, Any]:
    """OpenID Connect Discovery, 3, and RFC 8414, 2."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "acr_values_supported": [ACR],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "acr", "nonce", "name"],
        "ui_locales_supported": ["nl"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }

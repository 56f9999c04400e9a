"""Logging in at the demo: code and PKCE, as RFC 6749, 7636, 8252, 9207 and OpenID Connect have it."""

from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest

from support_api.demo import folder
from support_api.demo.cast import ROLE_SCOPES
from support_api.demo.login import codes
from support_api.demo.login.claims import access_claims
from support_api.domain.vocabulary import Role
from tests.conftest import World
from tests.demo.browsing import QUESTION, Browser, Page, answer_of, asking
from tests.demo.inside import HERE, demo_inside
from tests.pages.policy import loopholes


@pytest.fixture
async def browser(world: World, tmp_path: Path) -> AsyncIterator[Browser]:
    async with demo_inside(world, tmp_path) as client:
        yield Browser(client)


def claims(token: str) -> dict[str, object]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


async def test_from_the_page_to_the_api(browser: Browser) -> None:
    page = await browser.opens()
    came_back = answer_of(await browser.chooses(page, "teun"))
    assert (came_back["state"], came_back["iss"], came_back["from"]) == (QUESTION["state"], HERE + "/demo", "demo")
    answer = await browser.exchanges(came_back["code"])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    token = answer.json()
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 3600)
    assert "id_token" not in token
    me = await browser.client.get("/v1/me", headers={"Authorization": f"Bearer {token['access_token']}"})
    assert (me.status_code, me.json()["role"]) == (200, "worker")


async def test_the_token_is_that_of_the_command(browser: Browser, world: World, tmp_path: Path) -> None:
    got = (await browser.exchanges(await browser.logs_in("teun"))).json()["access_token"]
    printed = folder.read_issuer(tmp_path).token(access_claims(world.person("teun")))
    own = {"exp", "iat", "jti"}
    without = [{name: value for name, value in claims(each).items() if name not in own} for each in (got, printed)]
    assert without[0] == without[1]
    assert jwt.get_unverified_header(got) == jwt.get_unverified_header(printed)


async def test_what_is_asked_narrows_what_the_role_has(browser: Browser) -> None:
    own = {scope.value for scope in ROLE_SCOPES[Role.WORKER]}
    for scope, expected in (
        (None, own),
        ("me:read residents:read", {"me:read", "residents:read"}),
        ("me:read briefings:write", {"me:read"}),
        ("openid", set()),
    ):
        answer = (await browser.exchanges(await browser.logs_in("teun", scope=scope))).json()
        assert set(str(claims(answer["access_token"])["scope"]).split()) == expected
        assert set(answer["scope"].split()) - {"openid"} == expected


async def test_who_logged_in_is_told_to_a_client_that_asks(browser: Browser) -> None:
    code = await browser.logs_in("teun", scope="openid profile me:read", nonce="once")
    token = (await browser.exchanges(code)).json()["id_token"]
    told = claims(token)
    assert (told["iss"], told["sub"], told["aud"]) == (HERE + "/demo", "teun", QUESTION["client_id"])
    assert (told["nonce"], told["name"]) == ("once", "Teun Demo")
    for other in (token, await browser.logs_in("teun")):
        me = await browser.client.get("/v1/me", headers={"Authorization": f"Bearer {other}"})
        assert me.status_code == 401, "neither an ID token nor a code is an access token"


@pytest.mark.parametrize("name", ["fien", "teun", "sanne", "greet", "pim", "noor", "abel", "lotte", "petra", "roos"])
async def test_everybody_but_a_system_can_log_in(browser: Browser, name: str) -> None:
    page = await browser.opens(login_hint=name)
    assert Page(page.text).chosen == [name]
    assert len(Page(page.text).people) == 10
    token = (await browser.exchanges(await browser.logs_in(name))).json()["access_token"]
    me = await browser.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert me.status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "another-verifier-of-at-least-forty-three-character"},
        {"redirect_uri": "http://localhost:5173/back"},
        {"client_id": "mijn-verhaal-voorbeeld"},
    ],
)
async def test_a_code_goes_with_its_client_address_and_verifier(browser: Browser, changes: dict[str, str]) -> None:
    """The control is the same code, which is good as it was asked for."""
    code = await browser.logs_in("teun")
    for refused in (await browser.exchanges(code, **changes), await browser.exchanges("no.code.at-all")):
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert (await browser.exchanges(code)).status_code == 200


async def test_a_code_is_good_for_one_use_by_any_process(browser: Browser, world: World, tmp_path: Path) -> None:
    """A second app on the same folder is the other worker. The other spelling of a signature is no other code."""
    code = await browser.logs_in("teun")
    async with demo_inside(world, tmp_path) as client:
        assert (await Browser(client).exchanges(code)).status_code == 200
    for again in (code, _spelt_otherwise(code)):
        refused = await browser.exchanges(again)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


async def test_the_other_spelling_would_be_taken(browser: Browser) -> None:
    """The control of the test above: the signature holds."""
    assert (await browser.exchanges(_spelt_otherwise(await browser.logs_in("teun")))).status_code == 200


def _spelt_otherwise(token: str) -> str:
    """s becomes n - s, which is as right (SEC 1, 4.1.4)."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    head, payload, signature = token.split(".")
    raw = jwt.utils.base64url_decode(signature)
    other = (order - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    return f"{head}.{payload}.{jwt.utils.base64url_encode(raw[:32] + other).decode()}"


async def test_a_code_ends_after_a_minute(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "LIFETIME_SECONDS", -1)
    refused = await browser.exchanges(await browser.logs_in("teun"))
    assert refused.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"scope": "me:read everything"}, "invalid_scope"),
        ({"resource": "https://elsewhere.example"}, "invalid_target"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "urn:x"}, "request_uri_not_supported"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
)
async def test_a_wrong_question_is_told_to_the_client(browser: Browser, changes: dict[str, str], error: str) -> None:
    told = answer_of(await browser.opens(**changes))
    assert (told["error"], told["state"], told["iss"]) == (error, QUESTION["state"], HERE + "/demo")
    assert "code" not in told


@pytest.mark.parametrize("name", ["state", "scope", "nonce", "code_challenge"])
async def test_a_parameter_that_stands_there_twice(browser: Browser, name: str) -> None:
    told = answer_of(await browser.opens([*asking(scope="me:read", nonce="n").items(), (name, "x")]))
    assert told["error"] == "invalid_request"


@pytest.mark.parametrize(
    "uri",
    [
        None,
        "https://evil.example/back",
        "http://evil.example/back",
        "http://localhost.evil.example/back",
        "http://localhost:5173@evil.example/back",
        "http://127.0.0.1.evil.example",
        "http://localhost:5173\\@evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "http://localhost:5173/back#part",
        "http://localhost:99999/back",
        "http://localhost:5173/b\r\nSet-Cookie: a=b",
        "http://localhost:5173 evil.example/",
        "/back",
    ],
)
async def test_nobody_is_sent_to_an_address_elsewhere(browser: Browser, uri: str | None) -> None:
    """No open redirect: neither with a code, nor with an error."""
    for more in ({}, {"response_type": "token"}):
        answer = await browser.opens(redirect_uri=uri, **more)
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert "redirect_uri" in answer.text
        chosen = await browser.client.post("/demo/login", data={**asking(redirect_uri=uri, **more), "person": "teun"})
        assert (chosen.status_code, "location" in chosen.headers) == (400, False)


@pytest.mark.parametrize(
    "uri",
    ["http://127.0.0.1:8123", "http://localhost/", "http://[::1]:3000/cb", HERE + "/back?x=1", "http://localhost?a"],
)
async def test_any_address_on_this_machine_will_do(browser: Browser, uri: str) -> None:
    page = await browser.opens(redirect_uri=uri)
    assert page.status_code == 200
    sent = await browser.chooses(page, "teun")
    assert sent.headers["location"].startswith(uri + ("&" if "?" in uri else "?") + "code=")


@pytest.mark.parametrize("client", [None, "zaaksysteem-voorbeeld", "unknown"])
async def test_an_unknown_client_gets_nothing(browser: Browser, client: str | None) -> None:
    page = await browser.opens(client_id=client)
    assert (page.status_code, "location" in page.headers) == (400, False)
    refused = await browser.exchanges(await browser.logs_in("teun"), client_id=client)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": "short"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
    ],
)
async def test_a_wrong_exchange(browser: Browser, changes: dict[str, str | None], error: str) -> None:
    refused = await browser.exchanges(await browser.logs_in("teun"), **changes)
    assert (refused.status_code, refused.json()["error"]) == (400, error)


async def test_an_exchange_that_is_no_form(browser: Browser) -> None:
    for kwargs in ({"json": {"grant_type": "authorization_code"}}, {"content": b"\xff"}, {"content": b"a=%ff"}):
        refused = await browser.client.post("/demo/token", **kwargs)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")


async def test_who_does_not_want_to(browser: Browser) -> None:
    told = answer_of(await browser.chooses(await browser.opens(), None, cancel="yes"))
    assert (told["error"], told["state"]) == ("access_denied", QUESTION["state"])


async def test_a_form_without_a_choice_is_shown_again(browser: Browser) -> None:
    for person in (None, "niemand", "zaaksysteem"):
        again = await browser.chooses(await browser.opens(), person)
        assert again.status_code == 400
        assert 'role="alert"' in again.text
        assert "code" in answer_of(await browser.chooses(again, "teun"))


async def test_the_page_needs_nothing_that_its_policy_forbids(browser: Browser) -> None:
    page = await browser.opens(state='"><script>alert(1)</script>')
    assert Page(page.text).inline == []
    assert Page('<p style="a"><script></script>').inline == ["style", "script"]
    back = ["'self'", "http://localhost:5173"]
    assert loopholes(page, default_src=["'none'"], style_src=["'self'"], img_src=["'self'"], form_action=back) == []
    assert page.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example:8000"},
    ],
)
async def test_a_page_from_elsewhere_chooses_for_nobody(browser: Browser, headers: dict[str, str]) -> None:
    sent = {**asking(), "person": "teun"}
    refused = await browser.client.post("/demo/login", data=sent, headers=headers)
    assert refused.status_code in (403, 404)
    assert (await browser.client.post("/demo/login", data=sent)).status_code == 303


async def test_a_form_may_ask_too(browser: Browser) -> None:
    page = await browser.client.post("/demo/authorize", data=asking(), headers={"Origin": "https://elsewhere.example"})
    assert len(Page(page.text).people) == 10


async def test_the_metadata_says_where_all_of_it_is(browser: Browser) -> None:
    found = [
        (await browser.client.get(path)).json()
        for path in (
            "/demo/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server/demo",
        )
    ]
    assert found[0] == found[1]
    assert found[0]["issuer"] == HERE + "/demo"
    keys = (await browser.client.get(found[0]["jwks_uri"])).json()
    token = (await browser.exchanges(await browser.logs_in("teun"))).json()["access_token"]
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]
    assert jwt.decode(token, key, algorithms=["ES256"], audience="support-api", issuer=found[0]["issuer"])
    assert not {"d"} & set(keys["keys"][0])

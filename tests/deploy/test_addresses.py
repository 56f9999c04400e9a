"""Addresses and networks: docker-compose.yml, the issuers file, the realm and the page for operators name the same."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.deploy.composed import ROOT, interpolated, mounted, read_env
from tests.deploy.running_page import commands, table
from tests.deploy.test_compose import compose
from tests.keycloak.realm import realm


def issuer_faults(file: dict[str, Any], issuer: dict[str, Any], realm: str) -> Iterator[str]:
    """Where Keycloak's tokens, the issuers file and the networks don't fit each other."""
    keycloak = file["services"]["keycloak"]
    if issuer["issuer"] != f"{keycloak['environment']['KC_HOSTNAME']}/realms/{realm}":
        yield "tokens have another issuer"
    if issuer["jwks_uri"] != f"http://keycloak:8080/realms/{realm}/protocol/openid-connect/certs":
        yield "the keys are elsewhere"
    if "inside" not in {*file["services"]["api"]["networks"]} & {*keycloak["networks"]}:
        yield "the service can't reach the keys"
    if f"/opt/keycloak/data/import/{realm}-realm.json" not in mounted(file, "keycloak"):
        yield "nothing is imported by that name"
    if not all(how.get("restart") for how in file["services"]["proxy"]["depends_on"].values()):
        yield "the proxy goes on with addresses that it looked up when it started"


def _filled_in() -> tuple[dict[str, Any], dict[str, Any], str]:
    """The file as .env.example fills it in, the issuer of the example, and the realm's name."""
    variables = {name: value or "x" for name, value in read_env(ROOT / ".env.example").items()}
    (issuer,) = json.loads((ROOT / "deploy/issuers.example.json").read_text())
    return interpolated(compose(), variables), issuer, realm()["realm"]


def test_the_issuer_is_the_same_to_everybody() -> None:
    assert list(issuer_faults(*_filled_in())) == []


ELSEWHERE: dict[str, Callable[[dict[str, Any], dict[str, Any]], object]] = {
    "tokens have another issuer": lambda f, _: f["services"]["keycloak"]["environment"].update(
        KC_HOSTNAME="https://login.example"
    ),
    "the keys are elsewhere": lambda _, i: i.update(jwks_uri="https://login.example/certs"),
    "the service can't reach": lambda f, _: f["services"]["keycloak"].update(networks=["out"]),
    "nothing is imported": lambda f, _: f["services"]["keycloak"]["configs"][0].update(target="/realm.json"),
    "the proxy goes on": lambda f, _: f["services"]["proxy"]["depends_on"]["api"].pop("restart"),
}


@pytest.mark.parametrize("fault", ELSEWHERE)
def test_an_issuer_that_is_elsewhere_is_found(fault: str) -> None:
    file, issuer, name = _filled_in()
    ELSEWHERE[fault](file, issuer)
    assert any(fault in found for found in issuer_faults(file, issuer, name))


def drawn_networks(text: str, file: dict[str, Any]) -> list[str]:
    """Arrows of the picture that the file doesn't have, and ways of the file that the picture doesn't."""
    arrows = {(a, net, b) for a, net, b in re.findall(r"^  (\w+)[()\w]* -+\.? ?(\w+) \.?-*> (\w+)", text, re.M)}
    on = {name: {*service["networks"]} for name, service in file["services"].items()}
    on |= {"world": {"front"}, "prometheus": {"monitoring"}}
    found = [f"{a} doesn't meet {b} on {net}" for a, net, b in arrows if net not in on[a] & on[b]]
    for net in ("front", "inside", "monitoring"):
        members = {name for name in file["services"] if net in on[name]}
        met = {name for a, drawn, b in arrows if drawn == net for name in (a, b)}
        found += [f"{name} is on {net} too" for name in sorted(members - met)]
    return found


def test_the_page_draws_the_networks_as_they_are() -> None:
    picture, file = commands("Addresses", "mermaid"), compose()
    assert drawn_networks(picture, file) == []
    file["services"]["proxy"]["networks"] = ["front", "monitoring"]
    told = drawn_networks(picture, file)
    assert "proxy is on monitoring too" in told
    assert "proxy doesn't meet api on inside" in told


def test_the_table_of_addresses_has_the_ports_of_the_file() -> None:
    rows = table("Addresses")
    file = compose()["services"]
    listening = {(who.split(",")[0], int(port)) for who in rows.values() for port in re.findall(r", (\d+)", who)}
    assert listening == {("proxy", int(file["proxy"]["ports"][0].rsplit(":", 1)[1]))}
    known = {("api", "8000"), ("api", "9464"), ("keycloak", "8080"), ("keycloak", "9000"), ("postgres", "5432")}
    assert set(re.findall(r"(?:^|//)(\w+):(\d+)", "\n".join(rows), re.M)) == known
    environment = file["api"]["environment"]
    assert (environment["SUPPORT_API_PORT"], environment["SUPPORT_API_METRICS_PORT"]) == ("8000", "9464")
    assert "127.0.0.1/9000" in json.dumps(file["keycloak"]["healthcheck"])

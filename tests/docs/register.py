"""How each block of commands of the guides is tried: typed, or why it isn't. A block that is not on this list fails.

`make demo` is what the shell of a page stands beside; it is started by its own target, in a copy of the checkout.
"""

from dataclasses import dataclass, replace

from tests.clients.test_workflow import TOLD


@dataclass(frozen=True)
class Started:
    """Runs in a terminal of its own while the rest of the page is typed."""


@dataclass(frozen=True)
class Call:
    """A call with curl: what it answers, what stands in there, and what doesn't."""

    status: int
    says: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Typed:
    """In the shell of the page: each of its calls, and what it prints altogether."""

    calls: tuple[Call, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True)
class Same:
    """The very block of another page, which is tried there."""

    page: str
    heading: str


@dataclass(frozen=True)
class Untyped:
    """`by`: the test that does it in another way, and names the heading."""

    why: str
    by: str = ""


@dataclass(frozen=True)
class Entry:
    page: str
    heading: str
    first: str
    way: Started | Typed | Same | Untyped


SHARED = "Dat mijn zoon zondag gewoon kan komen eten."
KEPT = "Ik ben bang dat mijn zoon zich voor mij schaamt."
_BRIEFING = """curl -H "Authorization: Bearer $(token sanne)" -H 'Processing-Purpose: support' $briefing"""
_FRONT = "docs/building-a-front-end.md"
_ME = 'curl -H "Authorization: Bearer $(.venv/bin/support-api token --as teun)" http://127.0.0.1:8000/v1/me'
_FORWARD = """curl --json '{"forward": "30d"}' http://127.0.0.1:8000/demo/clock"""
_SEARCH = (
    "curl -H \"Authorization: Bearer $(.venv/bin/support-api token --as teun)\" -H 'Processing-Purpose: support' \\"
)
_DOCKER = Untyped("needs Docker", by="tests/deploy/conftest.py")
_KEYCLOAK = Untyped(
    "needs a Keycloak, which no test has; what it would be asked is tested", by="tests/deploy/test_kcadm.py"
)
_RUNNING = "docs/running.md"
_SAYS_NO = (
    """curl --json '{"decision": "deny", "party": {"type": "my_workers"},"""
    """ "categories": ["life_story_short", "critique"]}' \\"""
)
_INSTALL = (
    "umask 077",
    "docker compose build",
    "cp deploy/issuers.example.json deploy/local/issuers.json",
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30"
    " -subj /CN=support.voorbeeldstad.example \\",
    "chmod 700 deploy/local",
    "docker compose up --detach --wait",
    'municipality=$(docker compose run --rm -T setup municipality add voorbeeldstad "Gemeente Voorbeeldstad")',
)
_KCADM = (
    "docker compose exec -T keycloak bash -c 'KC_CLI_PASSWORD=$KC_BOOTSTRAP_ADMIN_PASSWORD"
    " exec /opt/keycloak/bin/kcadm.sh \\"
)
_WORKER = 'docker compose run --rm -T setup worker add --municipality "$municipality" \\'
_FIRST = "curl --fail --silent --show-error --cacert deploy/local/tls.crt --connect-to ::127.0.0.1:8443 \\"
_ACCOUNT = "client=$(kcadm get clients -q clientId=zaaksysteem-voorbeeld --fields id --format csv --noquotes)"
_DAILY = Untyped("needs Docker", by="tests/deploy/test_operating.py")
_CLIENTS = Typed(says=(TOLD + TOLD,))

REGISTER = [
    Entry("README.md", "Try it", "make demo", Started()),
    Entry(
        "README.md",
        "From the command line",
        """token() { .venv/bin/support-api token --as "$1"; }""",
        Typed((Call(200, says=(SHARED,), hides=(KEPT,)),)),
    ),
    Entry("README.md", "From the command line", _BRIEFING, Typed((Call(404, says=("not_found",), hides=("Fien",)),))),
    Entry(
        "README.md",
        "From the command line",
        """curl -X POST -H "Authorization: Bearer $(token fien)" $briefing/_stop""",
        Typed(
            (
                Call(200, says=('"state":"stopped"',)),
                Call(200, says=('"state":"stopped"',), hides=(SHARED, KEPT)),
                Call(200, says=("Teun Demo las je briefing.", "Teun Demo wilde je briefing lezen")),
            )
        ),
    ),
    Entry("README.md", "Test it", "make test", Untyped("runs these tests")),
    Entry("clients/README.md", "Example clients", "make clients", _CLIENTS),
    Entry("docs/consent.md", "See it happen", "make demo", Started()),
    Entry(
        "docs/consent.md",
        "See it happen",
        """token() { .venv/bin/support-api token --as "$1"; }""",
        Typed((Call(200, says=("Na mijn ziekte", "Drie keer afgewezen"), hides=("Wat er toen thuis",)),)),
    ),
    Entry(
        "docs/consent.md",
        "See it happen",
        _SAYS_NO,
        Typed(
            (
                Call(201, says=('"status":"declined"',)),
                Call(200, says=('"results":[]',)),
                Call(403, says=("purpose_not_allowed",)),
            )
        ),
    ),
    Entry(
        "docs/consent.md",
        "See it happen",
        """curl -H "Authorization: Bearer $(token pim)" -H 'Processing-Purpose: complaint_objection' $fien/consents""",
        Typed((Call(200, says=('"declined"',), hides=("Na mijn ziekte",)), Call(403, says=("scope_missing",)))),
    ),
    Entry(_FRONT, "Building a front end", "make demo", Started()),
    Entry(_FRONT, "Logging in", _ME, Typed((Call(200, says=('"role":"worker"',)),))),
    Entry(
        _FRONT,
        "Time",
        ".venv/bin/support-api clock --forward 340d",
        Typed(says=("340 days, 0:00:00 ahead of real time", "real time\n")),
    ),
    Entry(
        _FRONT,
        "Time",
        _FORWARD,
        Typed((Call(200, says=('"aheadSeconds":2592000',)), Call(200, says=('"aheadSeconds":0',)))),
    ),
    Entry(
        _FRONT, "Begin again", "curl -X POST http://127.0.0.1:8000/demo/reset", Typed((Call(200, says=("as loaded",)),))
    ),
    Entry(
        "docs/how-to-add-a-resource.md",
        "3. Where it is kept: src/support_api/db/tables.py, src/support_api/db/security.py, a migration",
        """.venv/bin/python -c \"""",
        Typed(says=("CREATE TABLE support.portrait_items", "CREATE INDEX")),
    ),
    Entry("docs/integrating.md", "In five minutes", "make demo", Started()),
    Entry(
        "docs/integrating.md",
        "In five minutes",
        _SEARCH,
        Typed((Call(200, says=('"callName":"Fien"', '"id":')),)),
    ),
    Entry("docs/integrating.md", "In five minutes", "make clients", Same("clients/README.md", "Example clients")),
    Entry(
        "docs/integrating.md",
        "Getting a token",
        "curl -X POST https://login.voorbeeldstad.example/token \\",
        Untyped("the provider is the operator's", by="tests/provider/test_tokens_of_a_provider.py"),
    ),
    Entry("docs/performance.md", "Performance", "make bench", Untyped("takes three minutes, and a machine for itself")),
    *(Entry(_RUNNING, "First installation", first, _DOCKER) for first in _INSTALL),
    Entry(_RUNNING, "A user at Keycloak", _KCADM, _KEYCLOAK),
    Entry(_RUNNING, "The first worker", _WORKER, _DOCKER),
    Entry(_RUNNING, "The first request", _FIRST, replace(_DOCKER, by="tests/deploy/test_first_installation.py")),
    Entry(_RUNNING, "Keycloak", _ACCOUNT, _KEYCLOAK),
    Entry(_RUNNING, "Backups", "umask 077", _DAILY),
    Entry(_RUNNING, "Restoring", "docker compose up --detach --wait", _DAILY),
    Entry(
        _RUNNING,
        "The nginx file",
        "apt-get install nginx-light",
        Untyped("installs on the machine and reloads its nginx; tests/proxy runs the file"),
    ),
]

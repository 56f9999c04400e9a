"""What the contract says in words, for readers rather than machines: what this is, its tags, its scopes."""

from support_api.domain.vocabulary import Scope

TITLE = "Support API"
SERVER = "https://support-api.example.nl/v1"
CONTACT = {
    "name": "Support API",
    "url": "https://support-api.example.nl",
    "email": "support-api@example.nl",
}
LICENSE = {"name": "European Union Public Licence 1.2", "identifier": "EUPL-1.2"}

ABOUT = """\
Keeps what a municipality's case system has no place for, with the resident in control: their own story, the people
who work with them, and the consents that they give and withdraw. The case stays in the case system.

**Words.** Names are English; the Dutch term is the `title` of each property, `x-term` of each schema and `x-dutch` of
each code. `/reference/glossary` has them all.

**Purpose.** Whoever asks for a resident's data, and is not that resident, states why in `Processing-Purpose`. Each look
is recorded and shown to the resident. What does not exist and what you may not see give the same 404.

**Input.** Strict: unknown fields and parameters, repeated keys and other types than the schema's are 400, with all
mistakes at once in `invalidParams`. A whole number is written without fraction or exponent. A moment needs an offset;
answers give UTC with `Z`. Texts are kept byte for byte; control characters, characters that Unicode keeps for no use,
and texts that show nothing are refused. A body has at most 256 KiB and 5,000 values.

**Answers.** Each answer, errors included, carries `API-Version`, `X-Request-Id` (your `traceparent`'s trace id, if you
send one), `Cache-Control`, `Content-Security-Policy`, `Referrer-Policy`, `Strict-Transport-Security`,
`X-Content-Type-Options` and `X-Frame-Options`. Ignore properties that you don't know: new ones are no breaking change.
A list of values with `x-may-grow` may get new ones too. `HEAD` answers as `GET` does, without the body.

**Web pages.** A page of an origin that the service allows can call it from a browser, with a token and without
cookies (CORS), and read every answer and its headers, errors included.

**Errors.** `application/problem+json` (RFC 9457) with a stable `code`; texts in Dutch, or in English with
`Accept-Language: en`. Another method than the ones named here is 405 with `Allow`, which `OPTIONS` gives too.

**Changing.** Send the `ETag` that you read as `If-Match`. Repeat a POST with the same `Idempotency-Key`, to the byte,
and it is done once; the answer is that of the first time, as far as you may see it now, so read what you need to know
as it is now; keys are kept for seven days.
"""

TAGS = {
    "me": "Who the caller is here (wie ben ik).",
    "home": "The first screen (beginscherm) of a resident or a worker.",
    "residents": "The resident (inwoner): exists with a call name and one way to be reached.",
    "portrait-items": "Portrait (portret): what matters, strengths, joys and tips, in the resident's own words.",
    "baggage-notes": "Baggage notes (bagagenotities): life story and system critique, confirmed by the resident.",
    "consents": "Consents (toestemmingen): who may see what, why and until when. A refusal is kept too.",
    "receipts": "Receipts (ontvangstbewijzen): proof of every event of a consent, to keep and to check.",
    "recalls": "Recalls (terugroepingen): what a system is asked to delete after a withdrawal, and what it answers.",
    "workers": "Workers (medewerkers): who works for or with the municipality.",
    "working-relationships": "Working relationships (werkrelaties): who works with whom, and as which number.",
    "covers": "Cover (waarneming): who stands in for a worker for a while.",
    "briefings": "Briefings (briefings): what a new worker reads before the first meeting, once the resident agrees.",
    "access-log": "Access log (inzage): who looked, at what and why, for the resident to read.",
    "access-explanation": "Access explanation (toegangsuitleg): who can see what now, and why.",
    "emergency-access": "Emergency access (noodtoegang): how to reach somebody, for an hour, shown and reviewed.",
    "reference": "Reference lists (referentielijsten): codes and words with labels, the municipality's register.",
    "contract": "This document (dit contract).",
}


def security_scheme() -> dict[str, str]:
    """Each installation trusts its own issuers, so no token address stands here: that would be made up."""
    scopes = "\n".join(f"- `{scope}`: {scope.english} ({scope.dutch})" for scope in Scope)
    return {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An OAuth 2 access token (NL GOV OAuth profile, RFC 9068) of an issuer that the municipality"
        " trusts. Each operation names the scope that it needs; a scope alone opens nobody's data.\n\n" + scopes,
    }

"""Every error as application/problem+json (RFC 9457), from every layer. Built from a code and a pointer, never from
the text of an exception or from the caller's input."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from support_api.domain.errors import Fault
from support_api.domain.rules import RULES

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "https://support-api.example.nl/problems/"
_RANGE = re.compile(
    r"(nl|en)(?:-[a-z0-9]{1,8})*(?:[ \t]*;[ \t]*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of problem, in Dutch and in English."""

    status: int
    title: tuple[str, str]
    detail: tuple[str, str]


KINDS: dict[str, Kind] = {
    "invalid_input": Kind(
        400,
        ("De invoer klopt niet", "The input is not right"),
        (
            "Er is niets gewijzigd. Kijk bij invalidParams wat er anders moet.",
            "Nothing was changed; see invalidParams.",
        ),
    ),
    "purpose_required": Kind(
        400,
        ("Het doel ontbreekt", "The purpose is missing"),
        (
            "Zeg met de header Processing-Purpose waarvoor je deze gegevens nodig hebt.",
            "State with the header Processing-Purpose what you need these data for.",
        ),
    ),
    "idempotency_key_required": Kind(
        400,
        ("Idempotency-Key ontbreekt", "Idempotency-Key is missing"),
        (
            "Stuur een header Idempotency-Key van 16 tot 255 zichtbare ASCII-tekens mee.",
            "Send a header Idempotency-Key of 16 to 255 visible ASCII characters.",
        ),
    ),
    "unauthorized": Kind(
        401,
        ("Niet aangemeld", "Not authenticated"),
        ("Stuur een geldig token mee: Authorization: Bearer …", "Send a valid token: Authorization: Bearer …"),
    ),
    "scope_missing": Kind(
        403,
        ("Dit token mag dit niet", "This token may not do this"),
        ("Het token mist de scope voor deze bewerking.", "The token lacks the scope of this operation."),
    ),
    "purpose_not_allowed": Kind(
        403,
        ("Dit doel mag niet", "This purpose is not allowed"),
        (
            "Je toepassing is bij deze gemeente niet geregistreerd, of niet voor dit doel.",
            "Your client is not registered with this municipality, or not for this purpose.",
        ),
    ),
    "assurance_too_low": Kind(
        403,
        ("Sterker inloggen nodig", "A stronger log-in is needed"),
        (
            "Voor deze gegevens is een hoger betrouwbaarheidsniveau van inloggen nodig.",
            "These data need a higher level of assurance of the log-in.",
        ),
    ),
    "action_not_allowed": Kind(
        403,
        ("Dit is niet aan jou", "This is not yours to do"),
        (
            "Dit hoort niet bij je rol, ook al mag je er iets van zien.",
            "Not in your role, even if you may see something of it.",
        ),
    ),
    "not_found": Kind(
        404,
        ("Niet gevonden", "Not found"),
        ("Dit bestaat niet, of je mag het niet zien.", "This does not exist, or you may not see it."),
    ),
    "method_not_allowed": Kind(
        405,
        ("Deze methode kan hier niet", "This method is not possible here"),
        ("De header Allow zegt wat wel kan.", "The header Allow says what is."),
    ),
    "not_acceptable": Kind(
        406,
        ("Dat antwoordformaat is er niet", "No such representation"),
        ("Dit antwoord is er alleen als application/json.", "This answer exists as application/json only."),
    ),
    "too_slow": Kind(
        408,
        ("Het verzoek bleef uit", "The request did not arrive"),
        ("De inhoud was er niet binnen 10 seconden.", "The body was not there within 10 seconds."),
    ),
    "still_running": Kind(
        409,
        ("Er loopt nog iets", "Something is still running"),
        (
            "Ditzelfde verzoek, of een ander over dezelfde gegevens, is nog bezig. Probeer het zo weer.",
            "This same request, or another one on the same data, is still running. Try again soon.",
        ),
    ),
    "rule": Kind(
        409,
        ("Dat kan nu niet", "That is not possible now"),
        ("Een regel staat dit nu niet toe.", "A rule does not allow this now."),
    ),
    "stale": Kind(
        412,
        ("Iemand was je voor", "Somebody was first"),
        (
            "Dit is gewijzigd sinds je het las. Haal het opnieuw op en probeer het weer.",
            "This was changed since you read it. Fetch it again, then try again.",
        ),
    ),
    "too_large": Kind(
        413,
        ("Te groot", "Too large"),
        ("Een verzoek mag hoogstens 256 KiB zijn.", "A request is at most 256 KiB."),
    ),
    "uri_too_long": Kind(414, ("Adres te lang", "URI too long"), ("Het adres is te lang.", "The address is too long.")),
    "unsupported_media_type": Kind(
        415,
        ("Dit formaat kan niet", "This format is not possible"),
        (
            "Stuur JSON, in UTF-8 en zonder codering, met het juiste Content-Type.",
            "Send JSON, in UTF-8 and without content coding, with the right Content-Type.",
        ),
    ),
    "key_in_use": Kind(
        422,
        ("Deze Idempotency-Key is al gebruikt", "This Idempotency-Key has been used"),
        ("Voor een ander verzoek. Neem een nieuwe.", "For another request. Take a new one."),
    ),
    "precondition_required": Kind(
        428,
        ("If-Match ontbreekt", "If-Match is missing"),
        (
            "Stuur de ETag mee van wat je wilt wijzigen, met de header If-Match.",
            "Send the ETag of what you want to change, with the header If-Match.",
        ),
    ),
    "too_many_requests": Kind(
        429,
        ("Te veel verzoeken", "Too many requests"),
        ("Wacht zo lang als Retry-After zegt, en ga dan door.", "Wait as long as Retry-After says, then go on."),
    ),
    "headers_too_large": Kind(
        431,
        ("Te veel headers", "Too many headers"),
        ("De headers van dit verzoek zijn te groot.", "The headers of this request are too large."),
    ),
    "internal": Kind(
        500,
        ("Er ging iets mis", "Something went wrong"),
        ("Dit is onze fout. Er is niets gewijzigd.", "This is our mistake. Nothing was changed."),
    ),
    "unavailable": Kind(
        503,
        ("Nu even niet beschikbaar", "Not available right now"),
        ("Probeer het over enkele seconden weer.", "Try again in a few seconds."),
    ),
}


# code → what it says in Dutch and in English. The offending value is never repeated.
REASONS: dict[str, tuple[str, str]] = {
    "required": ("Dit is verplicht.", "This is required."),
    "unknown": ("Dit veld bestaat niet.", "There is no such field."),
    "unknown_parameter": ("Deze parameter bestaat niet.", "There is no such parameter."),
    "repeated_header": ("Deze header mag maar één keer voorkomen.", "This header may occur once."),
    "repeated_parameter": ("Deze parameter mag maar één keer voorkomen.", "This parameter may occur once."),
    "too_short": ("Dit is te kort of leeg.", "This is too short or empty."),
    "too_long": ("Dit is te lang.", "This is too long."),
    "out_of_range": ("Dit valt buiten de grenzen.", "This is out of range."),
    "wrong_type": ("Dit heeft een ander type.", "This has another type."),
    "not_in_list": ("Deze waarde staat niet in de lijst.", "This value is not in the list."),
    "pattern": ("Dit heeft niet de goede vorm.", "This does not have the right form."),
    "not_allowed": ("Deze waarde mag hier niet.", "This value is not possible here."),
    "twice": ("Hetzelfde staat hier twee keer.", "The same is here twice."),
    "invalid_json": ("Dit is geen geldige JSON.", "This is not valid JSON."),
    "duplicate_key": ("Een sleutel komt dubbel voor.", "A key occurs twice."),
    "invalid_text": (
        "Hier staat een teken dat niet mag, of er staat niets zichtbaars.",
        "There is a character that is not allowed, or nothing that shows.",
    ),
    "too_many": ("Er klopt te veel niet om het op te noemen.", "Too much is wrong to name it all."),
    "invalid_tag": ("Dit is geen ETag van deze dienst.", "This is not an ETag of this service."),
    "invalid_key": (
        "Een Idempotency-Key heeft 16 tot 255 zichtbare ASCII-tekens.",
        "An Idempotency-Key has 16 to 255 visible ASCII characters.",
    ),
    "invalid_cursor": ("Begin de lijst opnieuw, zonder cursor.", "Begin the list anew, without a cursor."),
}


class Problem(Exception):
    """An answer that is an error. `code` is its stable name: that of the kind, or of the rule that refused."""

    def __init__(
        self,
        kind: str,
        *,
        code: str | None = None,
        faults: tuple[Fault, ...] = (),
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = KINDS[kind]
        self.code = code or kind
        self.faults = faults
        self.headers = headers or {}
        self.more = more or {}

    def body(self, instance: UUID, language: str) -> bytes:
        text = 1 if language == "en" else 0
        rule = RULES.get(self.code)
        content: dict[str, Any] = {
            "type": TYPE_BASE + self.code,
            "title": self.kind.title[text],
            "status": self.kind.status,
            "detail": rule.why[text] if rule else self.kind.detail[text],
            "instance": f"urn:uuid:{instance}",
            "code": self.code,
        }
        if rule:
            content["nextStep"] = rule.next_step[text]
        if self.faults:
            content["invalidParams"] = [
                {"name": fault.name, "code": fault.code, "reason": REASONS[fault.code][text]} for fault in self.faults
            ]
        return msgspec.json.encode(content | self.more)


def language(accept_language: Sequence[str]) -> str:
    """All headers of that name, which are one list. Of Dutch and English the heaviest, of two as heavy the first
    (RFC 9110, 12.5.4); Dutch if neither is asked for. A range with a weight that is none counts for nothing."""
    ranges = (_RANGE.fullmatch(part.strip(" \t")) for part in ",".join(accept_language).split(","))
    weighed = [(float(found[2] or 1), found[1].lower()) for found in ranges if found]
    return max([(0.0, "nl"), *weighed], key=lambda each: each[0])[1]

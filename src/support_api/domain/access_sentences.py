"""What the access explanation says in plain Dutch (B1), to the resident and to a worker about themself."""

from collections.abc import Mapping

from support_api.domain.access_explanation import Explained, Extent, Line
from support_api.domain.grounds import Basis

_GROUND: Mapping[Basis, str] = {
    Basis.RELATION: "werkt met je",
    Basis.RECORDER: "heeft je aangemeld",
    Basis.ASSIGNMENT: "mag je medewerkers toewijzen",
    Basis.OVERSIGHT: "houdt toezicht op hoe er met je gegevens wordt omgegaan",
    Basis.EMERGENCY: "keek in een noodgeval hoe je te bereiken bent",
    Basis.CONSENT: "mag lezen wat jij hebt toegestaan",
}
_COVER = "neemt waar voor iemand die met je werkt"
_NO_GROUND: Mapping[str, str] = {
    "relation_ended": "werkt niet meer met je en ziet niets meer van je",
    "no_relation": "werkt niet met je en ziet niets van je",
    "not_registered": "ziet niets van je: de gemeente heeft dat niet geregeld",
}
_WHY: Mapping[str, str] = {
    "ground": "Dat hoort bij wat deze partij doet; daar is je toestemming niet voor nodig.",
    "not_theirs": "Dit hoort niet bij wat deze partij doet.",
    "permitted": "Dat heb jij toegestaan.",
    "own_words": "Dit schreef deze medewerker zelf op; jij hebt nog niet gezegd of het klopt.",
    "never": "Voor dit doel wordt dit nooit gedeeld, ook niet met toestemming.",
    "not_registered": "De gemeente heeft niet geregeld dat dit voor dit doel gedeeld mag worden.",
    "refused": "Jij hebt nee gezegd.",
    "not_shared": "Jij hebt dit niet gedeeld.",
    "nothing_there": "Hier staat niets van jou.",
    "no_access": "Zonder toegang tot jou is er niets te zien.",
}


def of_party(explained: Explained, name: str) -> str:
    what = _COVER if explained.reason == "cover" else _GROUND.get(explained.basis)
    what = what or _NO_GROUND.get(explained.reason, "ziet niets van je")
    purpose = f" Doel: {explained.purpose.dutch}." if explained.purpose else ""
    return f"{name} {what}.{purpose}"


def of_line(line: Line) -> str:
    except_for = ""
    if line.shown and line.excluded:
        number = len(line.excluded)
        except_for = " Eén onderdeel niet." if number == 1 else f" {number} onderdelen niet."
    return f"Van {_called(line)}: {Extent[line.level.name].dutch}.{except_for} {_WHY[line.why]}"


def to_worker(line: Line) -> str:
    """Without a trace of what the worker doesn't see, or why not."""
    if not line.level:
        return f"Van {_called(line)} zie je niets."
    by_consent = " Dat heeft de inwoner toegestaan." if line.why == "permitted" else ""
    return f"Van {_called(line)} zie je {Extent[line.level.name].dutch}.{by_consent}"


def _called(line: Line) -> str:
    return line.category.dutch

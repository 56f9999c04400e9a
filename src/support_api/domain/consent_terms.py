"""What stands around a yes or a no: what may be done with it, how it was said, what the resident was told before."""

from dataclasses import dataclass

from support_api.domain.vocabulary import Term


class ConsentAction(Term, dutch="wat mag"):
    """What a yes allows. Reading is all that this service can open; what it can't open can't be asked for."""

    VIEW = "view", "inzien"


class ConsentHow(Term, dutch="hoe gegeven"):
    """How the resident said it."""

    LOGIN = "login", "zelf ingelogd", "logged in"
    SPOKEN = "spoken_played_back", "uitgesproken en teruggelezen", "spoken and read back"
    PAPER = "paper", "op papier", "on paper"
    PICTOGRAM = "pictogram", "met pictogrammen", "with pictograms"
    INTERPRETER = "interpreter", "met een tolk", "through an interpreter"


@dataclass(frozen=True, slots=True, kw_only=True)
class InformedWith:
    """Which text the resident was shown or read."""

    notice_id: str
    version: str
    language: str


LEGAL_NOTE = (
    "Dit is jouw keuze over delen. De hulp zelf rust op de wet, niet op deze toestemming:"
    " die hulp gaat door, wat je ook kiest."
)

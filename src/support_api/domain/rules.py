"""The rules that can refuse a transition: why, and what is possible instead, in Dutch and in English."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    why: tuple[str, str]
    next_step: tuple[str, str]


RULES: Mapping[str, Rule] = {
    "identifier_in_use": Rule(
        ("Dit nummer of adres hoort al bij een inwoner.", "This number or address belongs to a resident already."),
        (
            "Zoek deze inwoner op. Vind je niemand, dan mag je hem of haar niet zien: vraag wie werkrelaties toewijst.",
            "Search for that resident. If you find nobody, you may not see them: ask who assigns relationships.",
        ),
    ),
    "worker_unknown": Rule(
        ("Deze medewerker is er niet.", "There is no such worker."),
        ("Kijk in de lijst van medewerkers.", "Look in the list of workers."),
    ),
    "relationship_active": Rule(
        ("Deze medewerker doet dit al voor deze inwoner.", "This worker does this for this resident already."),
        ("Beëindig eerst de lopende werkrelatie.", "End the present working relationship first."),
    ),
    "relationship_ended": Rule(
        ("Deze werkrelatie is beëindigd.", "This working relationship has ended."),
        ("Start een nieuwe werkrelatie.", "Start a new working relationship."),
    ),
    "external_id_in_use": Rule(
        ("Dit kenmerk hoort bij een andere inwoner.", "This external id belongs to another resident."),
        ("Neem een ander kenmerk.", "Take another external id."),
    ),
    "external_id_of_other_worker": Rule(
        (
            "Dit kenmerk hoort bij de werkrelatie van een andere medewerker.",
            "This external id belongs to the working relationship of another worker.",
        ),
        (
            "Neem een ander kenmerk. Komt deze medewerker in plaats van de ander, beëindig die werkrelatie dan ook.",
            "Take another external id. If this worker replaces the other one, end that working relationship too.",
        ),
    ),
    "state_not_yours": Rule(
        ("Deze status kiest niemand zelf.", "Nobody chooses this state."),
        ("Kies kept of removed.", "Choose kept or removed."),
    ),
    "theme_of_other_kind": Rule(
        ("Deze thema's horen bij de andere soort bagage.", "These themes belong to the other kind of baggage."),
        ("Kies themes of critiqueTypes, naar de soort.", "Choose themes or critiqueTypes, after the kind."),
    ),
    "already_decided": Rule(
        ("De inwoner heeft hierover al beslist.", "The resident has decided about this already."),
        ("Wijzig de notitie zelf, of verwijder haar.", "Change the note itself, or delete it."),
    ),
    "decide_first": Rule(
        ("Je hebt nog niet beslist of dit klopt.", "You have not said yet whether this is right."),
        ("Beslis dat; wijzigen kan in dezelfde stap.", "Decide that; changing it is possible in the same step."),
    ),
    "consent_not_active": Rule(
        ("Deze toestemming geldt niet of niet meer.", "This consent is not or no longer in force."),
        ("Kijk welke toestemmingen gelden.", "Look which consents are active."),
    ),
    "proposal_says_how": Rule(
        ("Een voorstel zegt hoe de inwoner het zei.", "A proposal says how the resident said it."),
        (
            "Kies how: spoken_played_back, paper, pictogram of interpreter.",
            "Choose how: spoken_played_back, paper, pictogram or interpreter.",
        ),
    ),
    "only_a_yes_is_proposed": Rule(
        ("Een nee legt de inwoner zelf vast.", "A no is recorded by the resident."),
        ("Stel een ja voor; de inwoner kan nee zeggen.", "Propose a yes; the resident can say no."),
    ),
    "proposal_not_waiting": Rule(
        (
            "Dit voorstel wacht niet of niet meer op een besluit.",
            "This proposal does not or no longer await a decision.",
        ),
        ("Geef zelf toestemming, of laat het opnieuw voorstellen.", "Give consent, or have it proposed again."),
    ),
    "recall_answered": Rule(
        ("Op deze terugroeping is al geantwoord.", "This recall has been answered already."),
        ("Neem contact op met de gemeente als het antwoord niet klopt.", "Tell the municipality if it is not right."),
    ),
    "never_shared": Rule(
        (
            "Voor dit doel wordt dit nooit gedeeld, ook niet met toestemming.",
            "For this purpose this is never shared, not even with consent.",
        ),
        ("Kies een ander doel.", "Choose another purpose."),
    ),
    "system_unknown": Rule(
        ("Dit systeem is bij de gemeente niet aangemeld.", "This system is not registered with the municipality."),
        ("Kies een systeem dat is aangemeld.", "Choose a registered system."),
    ),
    "item_unknown": Rule(
        ("Een genoemd onderdeel is er niet.", "One of the items is not there."),
        ("Noem alleen onderdelen die er nog zijn.", "Name only items that still exist."),
    ),
    "cover_of_oneself": Rule(
        ("Niemand neemt voor zichzelf waar.", "Nobody stands in for themself."),
        ("Kies een andere medewerker.", "Choose another worker."),
    ),
    "cover_period": Rule(
        ("Een waarneming duurt hooguit acht weken en eindigt later dan nu.", "A cover lasts at most eight weeks."),
        ("Kies een ander einde, of wijs de medewerker toe.", "Choose another end, or assign the worker."),
    ),
    "cover_ended": Rule(
        ("Deze waarneming is al voorbij.", "This cover is over already."),
        ("Start een nieuwe waarneming.", "Start a new cover."),
    ),
    "emergency_not_needed": Rule(
        ("Je werkt met deze inwoner.", "You work with this resident."),
        ("Lees wat je nodig hebt voor je eigen doel.", "Read what you need for your own purpose."),
    ),
    "emergency_reviewed": Rule(
        ("Deze noodtoegang is al beoordeeld.", "This emergency access has been reviewed already."),
        ("Lees het oordeel.", "Read what was found of it."),
    ),
    "emergency_own": Rule(
        ("Dit was je eigen noodtoegang.", "This was your own emergency access."),
        ("Laat een ander die beoordelen.", "Have somebody else review it."),
    ),
    "nothing_to_share": Rule(
        ("Er is niets dat deze medewerker mag lezen.", "There is nothing that this worker may read."),
        ("Maak eerst iets zichtbaar voor deze medewerker.", "Make something visible to this worker first."),
    ),
}

"""Invented files of clients with planted words about other people, from a seed.

Each file has records that are purely the client's own and records with one planted sentence, in
English and Danish. The planted sentences come in kinds; every kind is in every few files.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

GIVEN = ("Anders", "Bjarke", "Casper", "Daniel", "Emil", "Farid", "Gustav", "Henrik", "Ivan",
         "Jakob", "Karim", "Lars", "Omar", "Peter", "Rasmus", "Steffen")  # fmt: skip
FAMILY = ("Opdigtet", "Påfund", "Tænkt", "Eventyr")
OTHERS = ("Mette", "Louise", "Yasmin", "Freja", "Sarah", "Katja", "Amina", "Birgit", "Noah",
          "Oliver", "Zahra", "William")  # fmt: skip

OWN = (
    "The client attended the whole session and took part.",
    "Practised the time-out twice this week and kept the plan.",
    "Arrived ten minutes late because of the bus and apologised.",
    "He set himself the goal of two calm evenings this week.",
    "Named three early warning signs of his anger.",
    "Homework done; the diary was filled in every day.",
    "Sleeps badly and wants to drink less. Agreed to ask for help with alcohol.",
    "Takes responsibility for his choices more clearly than in the first session.",
    "Payment plan agreed: two parts, the first in March.",
    "He works night shifts and asked for the Tuesday group.",
    "Motivation is high; he asked for more practice with breathing.",
    "Missed the session because of illness and rang the day before.",
    "We went through module four. He could explain the cycle of tension.",
    "Feels stress at work and uses walking to calm down.",
    "Reviewed the agreement and the limits of confidentiality.",
    "Progress so far is good and the plan stays as it is.",
    "Klienten deltog i hele mødet og var aktiv.",
    "Øvede time-out to gange i denne uge og holdt planen.",
    "Kom ti minutter for sent på grund af bussen og undskyldte.",
    "Han har sat sig et mål om to rolige aftener i ugen.",
    "Nævnte tre tidlige tegn på egen vrede.",
    "Hjemmearbejdet er lavet, og dagbogen er ført hver dag.",
    "Sover dårligt og ønsker at drikke mindre. Aftalt hjælp til alkohol.",
    "Tager ansvar for egne valg mere tydeligt end før.",
    "Betaling aftalt i to rater, den første i marts.",
    "Arbejder om natten og bad om gruppen om tirsdagen.",
    "Motivationen er høj, og han bad om mere øvelse i vejrtrækning.",
    "Meldte afbud på grund af sygdom dagen før.",
    "Gennemgik modul fire. Kunne forklare spændingen før et udbrud.",
    "Mærker stress på arbejdet og går ture for at falde til ro.",
    "Gennemgik aftalen og grænserne for tavshedspligten.",
    "Ønsker at komme videre med næste opgave.",
)
"""Records about nobody but the client."""

PLANTED: dict[str, tuple[str, ...]] = {
    "name": ("Talked about {o} for a long time.", "{o} was in the car as well.",
             "Talte længe om {o} i dag.", "{o} var også med i bilen."),
    "relation": ("His wife does not want to see him.", "The neighbour heard the shouting.",
                 "Two of the children were in the room.", "His mother lends him money.",
                 "Hans kone vil ikke se ham.", "Naboen hørte råbene.",
                 "Børnene var i stuen.", "Svigermor låner ham penge.",
                 "A friend of the family took him in.", "En kollega så det ske."),
    "pronoun": ("She has blocked the number.", "It was her who opened the door.",
                "Hun har blokeret nummeret.", "Det var hende, der åbnede døren."),
    "phone": ("The other number is 22 33 44 55.", "Nummeret er +45 61727374.",
              "Can also be reached on 07700 900123."),
    "mail": ("Wrote to {l}@example.invalid last week.", "Skrev til {l}@example.invalid i går."),
    "address": ("The flat is in Nørregade 12.", "Drove past Birkevej 4 twice.",
                "Waited outside 14 Mill Lane.", "Moved to the north last month.",
                "Er flyttet til Aarhus.", "8000 Aarhus was named as the town."),
    "birth": ("Birthday on 12.03.2015.", "Født 3/4-2012 og går i skole.", "Born 01-02-1988."),
    "quote": ("The words were “I will never come back”.", 'Ordene var: "jeg er bange".',
              "Citat: »du skal gå nu«."),
    "said": ("Police reported that there was a call at night.",
             "According to the referrer there was more.", "Ifølge politiet var der flere.",
             "Socialrådgiveren oplyste noget andet."),
    "support": ("The shelter has said no to a meeting.", "Her worker rang the office.",
                "Krisecentret har sagt nej til et møde.", "Hendes rådgiver ringede.",
                "It was discussed at the MARAC in May."),
    "initials": ("Met K.S. by chance in town.", "Saw M. again at the station.",
                 "Mødte K.S. tilfældigt i byen.", "Så M. igen på stationen."),
    "group": ("Another group member cried.", "En anden deltager græd i dag."),
}  # fmt: skip
"""Sentences about somebody else, by what gives that person away."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an invented file; `planted` names what gives somebody else away, or is empty.

    `source` is who said it.
    """

    text: str
    planted: str = ""
    source: str = "worker"


@dataclass(frozen=True, slots=True)
class File:
    """An invented client's file."""

    name: str
    records: tuple[Record, ...]


def invented_files(number: int, seed: int = 2036) -> list[File]:
    """So many files; the same for the same seed."""
    rng = Random(seed)
    kinds = list(PLANTED)
    files = []
    for index in range(number):
        records = [Record(" ".join(rng.sample(OWN, rng.randint(1, 3))), source=_own(rng))
                   for _ in range(rng.randint(6, 10))]  # fmt: skip
        for step in range(rng.randint(3, 6)):
            records.append(_planted(kinds[(index + step) % len(kinds)], rng))
        for source in rng.sample(("police", "referrer", "disclosure", "social_services"), 2):
            records.append(Record(rng.choice(OWN), f"source {source}", source))
        rng.shuffle(records)
        files.append(File(f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}", tuple(records)))
    return files


def _own(rng: Random) -> str:
    return rng.choice(("worker", "worker", "client"))


def _planted(kind: str, rng: Random) -> Record:
    other = rng.choice(OTHERS)
    sentence = rng.choice(PLANTED[kind]).format(o=other, l=other.lower())
    around = rng.sample(OWN, 2)
    at = rng.randint(0, 2)
    return Record(" ".join([*around[:at], sentence, *around[at:]]), kind, _own(rng))

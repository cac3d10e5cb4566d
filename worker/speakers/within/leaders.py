"""Heads of state who are known by office and surname alone get their full names: "President Raisi" is Ebrahim Raisi."""

from worker.speakers.within.names import plain
from worker.speakers.within.people import People, Person

LEADERS = {
    "president": (
        "Barack Obama; Donald Trump; Joe Biden; Vladimir Putin; Dmitry Medvedev; Volodymyr Zelensky; Petro Poroshenko;"
        " Alexander Lukashenko; Emmanuel Macron; François Hollande; Nicolas Sarkozy; Recep Tayyip Erdogan;"
        " Hassan Rouhani; Ebrahim Raisi; Masoud Pezeshkian; Mahmoud Ahmadinejad; Jair Bolsonaro; Rodrigo Duterte;"
        " Mahmoud Abbas; Nicolás Maduro"
    ),
    "chancellor": "Angela Merkel; Olaf Scholz; Friedrich Merz",
    "minister": (
        "Benjamin Netanyahu; David Cameron; Rishi Sunak; Keir Starmer; Justin Trudeau; Narendra Modi; Shinzo Abe;"
        " Viktor Orban; Giorgia Meloni"
    ),
}
"""Heads of state and government whom newspapers name by office and surname alone: "President Obama".

Office and surname must identify one person among all holders of the office. So Bush, Clinton, Johnson and Kim are not
here.
"""
LEADER_NAMES = {
    (office, plain(name.split()[-1])): tuple(name.split())
    for office, names in LEADERS.items()
    for name in names.split("; ")
}


def leader_name(person: Person) -> tuple[str, ...] | None:
    """Return the full name of a leader who is known by office and surname; None for all other people."""
    if len(person.words) != 1:
        return None
    surname = plain(person.words[0])
    offices = {word for role, _ in person.roles for word in role.split()[-1:]}
    return next(
        (LEADER_NAMES[office, surname] for office in sorted(offices) if (office, surname) in LEADER_NAMES), None
    )


def complete_leaders(people: People) -> None:
    """Give leaders who are known by office and surname their full names."""
    for person in people.all:
        name = leader_name(person)
        if name:
            people.complete_name(person, name)

"""Heads of state whom papers call by office and surname alone: "President Obama" needs no first name.

Only those whom the office and the surname tell apart from every other holder, so no Bush, Clinton, Johnson or Kim.
"""

from worker.speakers.within.names import plain
from worker.speakers.within.people import Person

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
BY_OFFICE = {
    (office, plain(name.split()[-1])): tuple(name.split())
    for office, names in LEADERS.items()
    for name in names.split("; ")
}


def full_name(person: Person) -> tuple[str, ...] | None:
    """The words of the name of somebody known by an office and a surname; None for all others."""
    if len(person.words) != 1:
        return None
    word = plain(person.words[0])
    offices = {token for role, _ in person.roles for token in role.split()[-1:]}
    return next((BY_OFFICE[office, word] for office in sorted(offices) if (office, word) in BY_OFFICE), None)

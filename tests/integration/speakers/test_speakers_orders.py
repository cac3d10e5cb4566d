"""Articles lead to the same speakers, statements and stories in whatever order they arrive."""

import random
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from tests.integration.dedupe.newsroom import Said, Story, body, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from worker.pipeline.reconcile import reconcile

PACKAGE = "It could only be a package solution, just like the nuclear deal itself was"
TALKS = "In a phone call we agreed to start the negotiations on 29 November in Vienna"

# Articles about the events of the first three sample articles (the folder `seeds`).
SEEDS = [
    Story(
        prose(0, 80),
        [
            Said(PACKAGE, [person("Sergey Lavrov", "russian foreign minister")]),
            Said(TALKS, [person("Ali Bagheri", "iranian lead negotiator")]),
            Said("The return of negotiators does not mean the round has stopped", [body("Iranian Foreign Ministry")]),
        ],
    ),
    Story(
        prose(1, 80),
        [
            Said("The talks are forward-moving and positive", [person("Ali Bagheri Kani", "iran's chief negotiator")]),
            # In a joint source, the speaker with the lowest id owns the statement. So both are in this article only.
            Said("We had remarkable progress", [person("Saeed Khatibzadeh"), body("Tasnim")]),
            Said("Nobody has left the table for good", [body("Iran's Foreign Ministry")]),
        ],
    ),
    Story(
        prose(2, 80),
        [
            Said(PACKAGE.replace("just like", "much like"), [person("Sergei Lavrov")]),
            Said(TALKS, [person("Ali Baqeri", "iran's chief nuclear negotiator")]),
        ],
    ),
]

BUSHES = [
    Story(prose(10, 80), [Said(PACKAGE, [person("George Bush")])]),
    Story(prose(11, 80), [Said(PACKAGE, [person("George W. Bush")])]),
    Story(prose(12, 80), [Said(PACKAGE, [person("George H. W. Bush")])]),
    Story(prose(13, 80), [Said(PACKAGE, [person("Bush")]), Said(TALKS)]),
]

KANIS = [
    Story(prose(20, 80), [Said(TALKS, [person("Ali Bagheri")])]),
    Story(prose(21, 80), [Said(TALKS, [person("Bagheri Kani", "iranian negotiator")])]),
    Story(prose(22, 80), [Said(TALKS, [person("Ali Bagheri Kani", "iran's negotiator")])]),
    Story(prose(22, 80) + " copy", [Said(TALKS, [person("Ali Baqeri", "iran's negotiator")]), Said(PACKAGE)]),
]

SURNAMES = [
    Story(prose(30, 80), [Said(TALKS, [person("Lavrov")])]),
    Story(prose(31, 80), [Said(TALKS, [person("Sergey Lavrov")])]),
    Story(prose(32, 80), [Said(TALKS, [person("Sergei Lavrov"), person("J. Smith")])]),
    Story(prose(33, 80), [Said(TALKS, [person("John Smith")]), Said(PACKAGE, [person("James Smith")])]),
]

# Similar names: their roles agree or clash, or only one article gives a role.
ALIKE = [
    Story(prose(40, 80), [Said(TALKS, [person("Sergei Ivanov", "russian defence minister")])]),
    Story(prose(41, 80), [Said(TALKS, [person("Sergey Ivanov", "bulgarian goalkeeper")])]),
    Story(prose(42, 80), [Said(PACKAGE, [person("Sergej Ivanov")]), Said(TALKS, [body("WHO")])]),
    Story(prose(43, 80), [Said(PACKAGE, [person("Sergey Ivanov", "russian minister of defence")])]),
    Story(prose(44, 80), [Said(TALKS, [body("World Health Organization")]), Said(PACKAGE, [person("William Oduya")])]),
    Story(prose(45, 80), [Said(TALKS, [person("Bill Oduya", "kenyan president")])]),
    Story(prose(46, 80), [Said(PACKAGE, [person("William T. Oduya", "president of kenya")])]),
    Story(prose(47, 80), [Said(PACKAGE, [person("W. Oduya")]), Said(TALKS, [person("William Oduya Jr.")])]),
]

# GM is General Motors, since one article says so; APA may be two bodies, since two articles do.
ACRONYMS = [
    Story(prose(50, 80), [Said(TALKS, [body("GM")])]),
    Story(prose(51, 80), [Said(TALKS, [body("General Motors Corp", "GM")])]),
    Story(prose(52, 80), [Said(PACKAGE, [body("General Motors")]), Said(TALKS, [body("APA")])]),
    Story(prose(53, 80), [Said(PACKAGE, [body("American Psychological Association", "APA")])]),
    Story(prose(54, 80), [Said(PACKAGE, [body("Austrian Press Agency", "APA")])]),
]

# So many people called J. Smith that the initial finds nobody, but the office does.
JS = [
    *("James", "Joseph", "Joshua", "Julia", "Judith", "Jane", "Joan", "Joyce", "Jill", "Jeremy"),
    *("Justin", "Jason", "Jasper", "Jarvis", "Jocelyn", "Jolene", "Jedediah", "Jemima", "Jun"),
]
SMITHS = [
    Story(
        prose(60, 80),
        [
            Said(f"The new bridge of {name}ville is safe", [person(f"{name} Smith", f"mayor of {name.lower()}ville")])
            for name in JS
        ],
    ),
    Story(prose(61, 80), [Said(TALKS, [person("J. Smith", "joyceville mayor")])]),
    Story(prose(62, 80), [Said(TALKS, [person("Jim Smith", "mayor of jamesville")])]),
    Story(prose(63, 80), [Said(PACKAGE, [person("J. Smith", "mayor of joyceville")])]),
]

CROWDS = {
    "seeds": SEEDS,
    "bushes": BUSHES,
    "kanis": KANIS,
    "surnames": SURNAMES,
    "alike": ALIKE,
    "acronyms": ACRONYMS,
}


def outcome(connection: Connection) -> list[list[tuple[Any, ...]]]:
    """Return all results that must not depend on the order of arrival, without ids."""
    queries = [
        # speakers with their forms, and how many articles use each
        """SELECT s.name, s.kind, array_agg(n.name || ' ' || n.articles ORDER BY n.name COLLATE "C")
           FROM speakers s JOIN speaker_names n ON n.speaker_id = s.id AND n.status = 'joined'
           GROUP BY s.id ORDER BY 3""",
        # proposed pairs
        """SELECT least(a.name, b.name), greatest(a.name, b.name), n.evidence, n.confidence FROM speaker_names n
           JOIN speakers a ON a.id = n.speaker_id JOIN speakers b ON b.id = n.other_id
           WHERE n.status = 'proposed' ORDER BY 1, 2""",
        # quotes that share a statement
        """SELECT array_agg(q.text || '@' || md5(a.text) ORDER BY q.text, a.text)
           FROM quotes q JOIN articles a ON a.id = q.article_id
           GROUP BY q.statement_id ORDER BY 1""",
        # owners of statements
        """SELECT s.name, count(*) FROM statements t LEFT JOIN speakers s ON s.id = t.owner GROUP BY 1 ORDER BY 1""",
        """SELECT array_agg(md5(a.text) ORDER BY md5(a.text)) FROM articles a GROUP BY a.story_id ORDER BY 1""",
        """SELECT q.text, qs.name, s.name FROM quote_speakers qs JOIN quotes q ON q.id = qs.quote_id
           JOIN speakers s ON s.id = qs.speaker_id ORDER BY 1, 2, 3""",
        """SELECT count(*) FROM statements t WHERE NOT EXISTS (SELECT FROM quotes WHERE statement_id = t.id)""",
        """SELECT count(*) FROM statement_keys k JOIN statements t ON t.id = k.statement_id WHERE k.owner <> t.owner""",
    ]
    return [[tuple(row) for row in connection.execute(text(query))] for query in queries]


def arrive(engine: Engine, stories: Sequence[Story], reconciled: str) -> list[list[tuple[Any, ...]]]:
    """Store articles in this order and reconcile them; return the outcome.

    `reconciled` is "often" (after each article), "once" (after the last article), or "at once". "At once" also
    reconciles after the last article, but no article's transaction sees the story of another article.
    """
    with engine.connect() as connection:
        for story in stories:
            store(connection, story, alone=reconciled == "at once")
            if reconciled == "often":
                reconcile(connection)
        reconcile(connection)
        rows = outcome(connection)
        assert reconcile(connection) == 0
        connection.rollback()
    return rows


@pytest.mark.parametrize("stories", CROWDS.values(), ids=CROWDS.keys())
def test_orders_end_alike(engine: Engine, stories: list[Story]) -> None:
    expected = arrive(engine, stories, "once")
    orders = list(permutations(stories))
    for number, order in enumerate(random.Random(1).sample(orders, min(len(orders), 9))):
        reconciled = ("once", "often", "at once")[number % 3]
        assert arrive(engine, order, reconciled) == expected, (reconciled, [story.said for story in order])


def test_the_seeds_end_with_five_speakers(engine: Engine) -> None:
    speakers, proposed, *_ = arrive(engine, SEEDS, "once")
    assert sorted(speakers) == [
        ("Ali Bagheri Kani", "person", ["Ali Bagheri 1", "Ali Bagheri Kani 1", "Ali Baqeri 1"]),
        ("Iranian Foreign Ministry", "body", ["Iran's Foreign Ministry 1", "Iranian Foreign Ministry 1"]),
        ("Saeed Khatibzadeh", "person", ["Saeed Khatibzadeh 1"]),
        ("Sergei Lavrov", "person", ["Sergei Lavrov 1", "Sergey Lavrov 1"]),
        ("Tasnim", "body", ["Tasnim 1"]),
    ]
    assert proposed == []


def test_an_acronym_is_the_body_that_articles_call_so(engine: Engine) -> None:
    speakers, proposed, *_ = arrive(engine, ACRONYMS, "once")
    assert sorted(speakers) == [
        ("APA", "body", ["APA 1"]),
        ("American Psychological Association", "body", ["American Psychological Association 1"]),
        ("Austrian Press Agency", "body", ["Austrian Press Agency 1"]),
        ("General Motors Corp", "body", ["GM 1", "General Motors 1", "General Motors Corp 1"]),
    ]
    assert {row[:2] for row in proposed} == {
        ("APA", "American Psychological Association"),
        ("APA", "Austrian Press Agency"),
    }


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 2, 0), (2, 1, 0, 3)])
def test_a_hundredth_smith_is_found_by_the_office(engine: Engine, order: Sequence[int]) -> None:
    speakers, *_ = arrive(engine, [SMITHS[place] for place in order], "often")
    assert len(speakers) == len(JS)
    assert ("J. Smith", "person", ["J. Smith 2", "Joyce Smith 1"]) in speakers
    assert ("James Smith", "person", ["James Smith 1", "Jim Smith 1"]) in speakers


def test_a_mixed_crowd_in_random_orders(engine: Engine) -> None:
    crowd = [story for stories in CROWDS.values() for story in stories]
    expected = arrive(engine, crowd, "once")
    for number in range(3):
        shuffled = random.Random(number).sample(crowd, len(crowd))
        assert arrive(engine, shuffled, ("once", "often", "at once")[number % 3]) == expected

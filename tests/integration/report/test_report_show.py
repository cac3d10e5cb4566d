"""`onrecord show` prints one thing whole, and `onrecord decisions` says what was before and what is since."""

import json

import pytest
from sqlalchemy import Engine, text

from tests.integration.report.conftest import HOSTILE, Command

WHY = ("--reason", "the byline says so")


def test_a_quotation_in_its_paragraph_with_its_history(onrecord: Command, press: dict[str, int]) -> None:
    number = str(press["opposed"])
    assert onrecord("quotes", "fix", number, "--speaker", "Ali Bagheri", *WHY).code == 0
    shown = onrecord("show", "quote", number).out
    assert "Lavrov said: “⟦We strongly opposed this.⟧” Bagheri said: “The talks go on.”" in shown
    assert f"Quotation {number}: Ali Bagheri" in shown
    assert "denied" not in shown
    for fact in ("a person decided", "Mehr News", "2024-05-16 09:00", "drop/vienna.txt", "drop/copy.txt", "undo 1"):
        assert fact in shown, fact


def test_a_rejected_quotation_is_gone_but_not_what_was_decided(onrecord: Command, press: dict[str, int]) -> None:
    number = str(press["opposed"])
    onrecord("quotes", "fix", number, "--reject", *WHY)
    ran = onrecord("show", "quote", number)
    assert ran.code == 1
    assert f"There is no quotation {number}" in ran.err
    assert "onrecord decisions undo 1" in ran.out


def test_a_candidate_too(reading: Command) -> None:
    (candidate,) = json.loads(reading("sql", "SELECT quote_id FROM candidates", "-f", "json").out)
    shown = reading("show", "quote", str(candidate["quote_id"])).out
    assert "(a candidate)" in shown
    assert "“Nobody knows ⟦who said this⟧.”" in shown


def test_an_article_with_the_numbers_of_its_quotations(reading: Command) -> None:
    quotes = json.loads(reading("sql", "SELECT quote_id, article_id FROM quotes ORDER BY 1", "-f", "json").out)
    shown = reading("show", "article", str(quotes[0]["article_id"])).out
    assert f"“⟦{quotes[0]['quote_id']}: We strongly opposed this.⟧”" in shown
    assert f"“⟦{quotes[1]['quote_id']}: The talks go on.⟧”" in shown
    assert "drop/copy.txt" in shown
    assert "no article 999" in reading("show", "article", "999").err


def test_a_file_with_its_versions_and_members(onrecord: Command, engine: Engine, press: dict[str, int]) -> None:
    assert press
    shown = onrecord("show", "file", "dump.jsonl").out
    assert "File drop/dump.jsonl" in shown
    assert "Line 17 is no JSON." in shown
    assert "version" not in shown
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO files (inbox_id, path, shown, sha256, state, reason, first_seen, finished_at, current)"
                " SELECT inbox_id, path, shown, sha256(sha256), 'quarantined', 'empty',"
                " first_seen - interval '1 day', now(), false"
                " FROM files WHERE shown = 'dump.jsonl'"
            )
        )
    versions = [line.split() for line in onrecord("show", "file", "drop/dump.jsonl").out.splitlines() if "vers" in line]
    assert versions == [["version", "the", "newest"], ["version", "older"]]
    listed = json.loads(onrecord("files", "--file", "dump.jsonl", "-f", "json").out)
    assert [(row["current"], row["state"]) for row in listed] == [(True, "stored"), (False, "quarantined")]
    assert "No file is called nix" in onrecord("show", "file", "nix").err
    assert "\x1b" not in onrecord("show", "file", HOSTILE.encode("unicode_escape").decode()).out


def test_everything_as_json(onrecord: Command, press: dict[str, int]) -> None:
    number = str(press["opposed"])
    assert onrecord("quotes", "fix", number, "--speaker", "Ali Bagheri", *WHY).code == 0
    quote = json.loads(onrecord("show", "quote", number, "--json").out)
    assert (quote["quotation"]["quote"], quote["speakers"][0]["speaker"]) == (
        "We strongly opposed this.",
        "Ali Bagheri",
    )
    assert [decision["kind"] for decision in quote["decisions"]] == ["set_speaker"]
    article = json.loads(onrecord("show", "article", str(quote["quotation"]["article_id"]), "--json").out)
    assert "Lavrov said" in article["article"]["text"]
    assert [said["speakers"][0]["speaker"] for said in article["quotations"]] == ["Ali Bagheri", "Ali Bagheri"]
    file = json.loads(onrecord("show", "file", "dump.jsonl", "--json").out)
    assert [version["state"] for version in file["versions"]] == ["stored"]
    assert "malformed" in {member["reason"] for member in file["members"]}
    speaker = json.loads(onrecord("show", "speaker", "ali bagheri", "--json").out)
    assert (speaker["speaker"]["speaker"], len(speaker["newest"])) == ("Ali Bagheri", speaker["speaker"]["quotes"])
    onrecord("quotes", "fix", number, "--reject", *WHY)
    assert onrecord("show", "quote", number, "--json").out == ""


def test_a_speaker_by_number_or_by_any_name(reading: Command) -> None:
    shown = reading("show", "speaker", "sergei lavrov").out
    assert ": Sergey Lavrov (person)" in shown
    assert "Sergei Lavrov: full name, 1.00" in shown
    assert "quoted beside" in shown and "Ali Bagheri (2)" in shown
    assert "We strongly opposed this." in shown
    number = shown.split()[1].rstrip(":")
    assert reading("show", "speaker", number).out == shown
    assert "No speaker is called" in reading("show", "speaker", "Nobody").err


@pytest.mark.parametrize("form", ["table", "json"])
def test_decisions_say_what_was_and_what_is(onrecord: Command, press: dict[str, int], form: str) -> None:
    number, lavrov, bagheri = str(press["opposed"]), str(press["lavrov"]), str(press["bagheri"])
    onrecord("quotes", "fix", number, "--speaker", "Ali Bagheri", *WHY)
    onrecord("quotes", "fix", number, "--no-speaker", *WHY)
    onrecord("decisions", "undo", "2", *WHY)
    onrecord("quotes", "fix", number, "--reject", *WHY)
    onrecord("speakers", "rename", lavrov, "S. Lavrov", *WHY)
    onrecord("speakers", "merge", bagheri, lavrov, *WHY)
    ran = onrecord("decisions", "list", "-f", form)
    assert ran.code == 0, ran.err
    if form == "json":
        changes = {row["id"]: (row["before"], row["after"]) for row in json.loads(ran.out)}
        assert changes == {
            1: ("as printed", "Ali Bagheri"),
            2: ("Ali Bagheri", "nobody known"),
            3: ("", "taken back"),
            4: ("a quotation", "no quotation"),
            5: ("Sergei Lavrov", "S. Lavrov"),
            6: (f"S. Lavrov ({lavrov})", f"Ali Bagheri ({bagheri})"),
        }
    else:
        assert "taken back (3)" in ran.out
        assert "onrecord decisions undo ID" in ran.err

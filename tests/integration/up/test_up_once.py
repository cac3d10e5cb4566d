"""`onrecord up --once` in an empty folder, as a new user runs it."""

import shutil

from tests.sample_articles import ARTICLES, NAMES
from tests.stack import Stack


def test_the_founding_articles_are_stored_with_the_right_people(stack: Stack) -> None:
    for seed in ARTICLES:
        shutil.copy(seed, stack.inbox)
    result = stack.run("up", "--once", "--inbox", str(stack.inbox))
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("stored  0") == 3
    assert "3 files: 3 stored, 0 duplicate, 0 quarantined, 0 ignored." in result.stdout
    names = stack.run("sql", "SELECT speaker, names FROM speakers WHERE speaker LIKE '%Lavrov'", "--format", "csv")
    assert names.stdout.count("Lavrov") == 3  # the name of one speaker, and both of its forms
    speakers = stack.run("sql", "SELECT DISTINCT speaker FROM quotes WHERE kind <> 'indirect'", "--format", "csv")
    people = set(speakers.stdout.splitlines()[1:])
    assert {"Mohammad Javad Hajaliakbari", "Ebrahim Raisi", "Ali Shamkhani", "Saeed Khatibzadeh"} <= people
    assert "Hossein Amir Abdollahian" in people
    licence = stack.run(
        "sql",
        "SELECT count(*) FROM articles WHERE licence LIKE '%Creative Commons%'"
        " AND substr(text, body_start + 1, body_end - body_start) NOT LIKE '%Creative Commons%'"
        " AND outlet = 'Mehr News Agency'",
        "--format",
        "csv",
    )
    assert licence.stdout.splitlines()[1] == "3"
    headings = stack.run(
        "sql",
        "SELECT count(*) FROM quotes WHERE quote LIKE '%3+3 format is beneficial%'"
        " OR quote LIKE '%Humanitarian aid must be sent%'",
        "--format",
        "csv",
    )
    assert headings.stdout.splitlines()[1] == "0"


def test_a_quarantined_file_is_exit_status_3_and_retry_tries_again(stack: Stack) -> None:
    (stack.inbox / "empty.txt").write_text("")
    result = stack.run("up", "--once", "--inbox", str(stack.inbox))
    assert result.returncode == 3
    assert "empty" in result.stdout
    listed = stack.run("files", "--state", "quarantined")
    assert "empty.txt" in listed.stdout
    again = stack.run("retry", "--all")
    assert again.returncode == 0, again.stderr
    result = stack.run("up", "--once", "--inbox", str(stack.inbox))
    assert result.returncode == 3


def test_without_a_folder_it_says_what_to_do(stack: Stack) -> None:
    result = stack.run("up", "--once", "--inbox", str(stack.inbox / "nowhere"))
    assert result.returncode == 1
    assert "does not exist" in result.stderr
    assert "Traceback" not in result.stderr


def test_stored_files_are_archived_and_refused_ones_stay(stack: Stack) -> None:
    for seed in ARTICLES:
        shutil.copy(seed, stack.inbox)
    (stack.inbox / "empty.txt").write_text("")
    archive = stack.inbox.parent / "archive"
    settings = {"ONRECORD_AFTER": "archive", "ONRECORD_ARCHIVE": str(archive)}
    result = stack.run("up", "--once", "--inbox", f"news={stack.inbox}", **settings)
    assert result.returncode == 3, result.stderr
    assert [path.name for path in stack.inbox.iterdir()] == ["empty.txt"]
    kept = sorted(path.name for path in (archive / "news").iterdir())
    assert kept == list(NAMES)

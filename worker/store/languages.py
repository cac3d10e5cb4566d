"""The languages that the search knows: a text search configuration for each, which folds accents where it can.

A row of `quotes` is indexed by two configurations of its article's language. One is PostgreSQL's own, which takes the
stem of a word (`pg_catalog.french`: "annulées" and "annuler" have one). The other takes the accents away first, with
the extension `unaccent` (`report.words_fr`: "annulees" finds "annulées"). Most rows have the same words in both, and
have them once. Where the extension cannot be made, the search tells "é" from "e", `onrecord doctor` says so, and
`onrecord migrate` makes up for it as soon as the extension is there.
"""

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

LANGUAGES = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""The ISO 639-1 codes of the languages whose stems PostgreSQL 15 knows, with the names of its configurations.

In any other language, words are indexed as they are written. An unknown language counts as English, as it does for the
extractor (`worker.extract.extractor`).
"""
SIMPLE = "simple"

FOLDING = " ".join(f"WHEN '{code}' THEN 'report.words_{code}'::regconfig" for code in LANGUAGES)
STEMMING = " ".join(f"WHEN '{code}' THEN 'pg_catalog.{stems}'::regconfig" for code, stems in LANGUAGES.items())
# PostgreSQL knows what functions of this form use, so a backup makes the configurations before the table.
CONFIGURATIONS_OF = f"""
CREATE FUNCTION report.words_of(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE coalesce(language, 'en') {FOLDING} ELSE 'report.words_{SIMPLE}'::regconfig END;
COMMENT ON FUNCTION report.words_of(text) IS
    'The text search configuration by which quotes in a language are indexed, without accents.';
CREATE FUNCTION report.stems_of(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE coalesce(language, 'en') {STEMMING} ELSE 'pg_catalog.{SIMPLE}'::regconfig END;
COMMENT ON FUNCTION report.stems_of(text) IS
    'The text search configuration by which quotes in a language are indexed, with accents.';
"""
# `to_tsvector` gives no word with §. So this word says which rules made the others, and `report.asked` asks for it.
WORDS = """
CREATE FUNCTION public.quote_words(language text, words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(words) = char_length(words) -- no accents, and no need to compare
              OR to_tsvector(report.words_of(language), words) = to_tsvector(report.stems_of(language), words)
            THEN to_tsvector(report.words_of(language), words)
            ELSE to_tsvector(report.words_of(language), words) || to_tsvector(report.stems_of(language), words) END
       || array_to_tsvector(ARRAY['§' || coalesce(language, 'en')]);
COMMENT ON FUNCTION public.quote_words(text, text) IS
    'The words of a quote for searching, and a word with § that names the language.';
"""
FUNCTIONS = CONFIGURATIONS_OF + WORDS
REMOVE_FUNCTIONS = """DROP FUNCTION public.quote_words(text, text), report.words_of(text), report.stems_of(text)"""

KNOWN = text("""SELECT cfgname FROM pg_ts_config WHERE cfgnamespace = to_regnamespace('report') ORDER BY 1""")
MAKE_SCHEMA = """CREATE SCHEMA report"""
MAKE_UNACCENT = """CREATE EXTENSION IF NOT EXISTS unaccent"""
# An administrator may have made the extension in any schema.
UNACCENT = text(
    """
    SELECT format('%I.unaccent', n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'unaccent'
    """
)
FOLDS = text(
    """
    SELECT EXISTS (
        SELECT FROM pg_ts_config_map m JOIN pg_ts_config c ON c.oid = m.mapcfg JOIN pg_ts_dict d ON d.oid = m.mapdict
        WHERE c.cfgnamespace = to_regnamespace('report') AND d.dictname = 'unaccent')
    """
)
ALONE = text("""LOCK TABLE quotes IN SHARE ROW EXCLUSIVE MODE""")
INDEX_ANEW = text("""UPDATE quotes SET language = language""")


def make(connection: Connection) -> None:
    """Make the configurations that are missing; let them take accents away if `unaccent` is there or can be made."""
    known = set(connection.execute(KNOWN).scalars())
    for code, stems in {**LANGUAGES, SIMPLE: SIMPLE}.items():
        if f"words_{code}" not in known:
            name = f"report.words_{code}"
            connection.exec_driver_sql(f"CREATE TEXT SEARCH CONFIGURATION {name} (COPY = pg_catalog.{stems})")
    fold(connection)


def make_alone(engine: Engine) -> None:
    """Make the configurations in a database that is still empty, with the schema that they are in."""
    with engine.begin() as connection:
        connection.exec_driver_sql(MAKE_SCHEMA)
        make(connection)


def are_made(connection: Connection) -> bool:
    """True if the configurations are there."""
    return connection.execute(KNOWN).first() is not None


def remove(connection: Connection) -> None:
    """Drop the configurations. The extension `unaccent` stays, since others may use it."""
    for name in connection.execute(KNOWN).scalars().all():
        connection.exec_driver_sql(f"DROP TEXT SEARCH CONFIGURATION report.{name}")


def folds(connection: Connection) -> bool:
    """True if the search takes accents away."""
    return bool(connection.execute(FOLDS).scalar_one())


def fold(connection: Connection) -> bool:
    """Let the configurations take accents away. Return False if the extension is missing and we may not make it."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(MAKE_UNACCENT)
    except DBAPIError:
        return False
    unaccent = connection.execute(UNACCENT).scalar_one()
    for code, stems in {**LANGUAGES, SIMPLE: SIMPLE}.items():
        stem = SIMPLE if stems == SIMPLE else f"{stems}_stem"
        connection.exec_driver_sql(
            f"ALTER TEXT SEARCH CONFIGURATION report.words_{code}"
            f" ALTER MAPPING FOR hword, hword_part, word WITH {unaccent}, pg_catalog.{stem}"
        )
    return True


def fold_later(connection: Connection) -> int | None:
    """Let the search take accents away if it did not and now can; return how many quotes were indexed anew for it.

    None: there was nothing to do, or `unaccent` is still missing. Nothing is stored until the transaction ends; with a
    million quotes, that takes one to two minutes.
    """
    if folds(connection) or not fold(connection):
        return None
    connection.execute(ALONE)
    return connection.execute(INDEX_ANEW).rowcount

"""The words that ProQuest writes before the fields of an article, in the languages of its users."""

import re

DATABASE = "ProQuest"
_FIELDS = {
    "author": "Author|Authors|Byline|Auteur|Auteurs|Autor|Autoren|Verfasser|Autore|Autor/a",
    "title": "Title|Titre|Titel|Título|Titolo",
    "info": "Publication info|Informations de publication|Informations sur la publication|Publikationsinfo"
    "|Veröffentlichungsangaben|Información de publicación|Información de la publicación",
    "outlet": "Publication title|Titre de la publication|Titre de publication|Titel der Publikation|Publikationstitel"
    "|Título de publicación|Título de la publicación|Titolo pubblicazione|Titel van publicatie",
    "date": "Publication date|Date de publication|Publikationsdatum|Erscheinungsdatum|Fecha de publicación"
    "|Data pubblicazione|Publicatiedatum",
    "body": "Full text|Full Text|Texte intégral|Volltext|Texto completo|Testo completo|Volledige tekst",
    "abstract": "Abstract|Résumé|Zusammenfassung|Kurzfassung|Resumen|Sommario|Samenvatting|Abstract (English)"
    "|Abstract (summary)",
    "section": "Section|Rubrique|Rubrik|Sección|Sezione|Sectie",
    "language": "Language of publication|Language|Langue de publication|Sprache der Publikation|Publikationssprache"
    "|Idioma de la publicación|Idioma de publicación|Lingua di pubblicazione",
    "identifier": "ProQuest document ID|ID du document ProQuest|ProQuest-Dokument-ID|ID de documento de ProQuest"
    "|ID del documento de ProQuest|ID documento ProQuest|ProQuest Document ID",
    "url": "Document URL|URL du document|Dokument-URL|URL del documento",
    "licence": "Copyright|Droit d'auteur|Urheberrecht|Derechos de autor",
    "other": "Links|Liens|Verknüpfungen|Enlaces|Subject|Subjects|Sujet|Thema|Materia|Location|Lieu|Ort|Lugar|People"
    "|Personne|Personen|Personas|Company / organization|Company / organization name|Company|Organization|Pages|Page"
    "|Start page|First page|Publication year|Year|Année de publication|Publisher|Éditeur|Verlag|Editorial"
    "|Place of publication|Country of publication|Publication subject|ISSN|EISSN|ISBN|Source type|Document type"
    "|Document feature|Last updated|Last Updated|Dernière mise à jour|Letzte Aktualisierung|Última actualización"
    "|Database|Base de données|Datenbank|Base de datos|Volume|Issue|Number of pages|Accession number|Edition"
    "|Supplement|Column|Dateline|Narrow subject|Broad subject|Classification|Identifier / keyword"
    "|Identifiers / keywords|Keywords|Credit|Illustration|Copies|URL"
    "|Name|Publication frequency|Copyright holder|Correction|DOI|Caption"
    "|NAICS|Business indexing term|Source attribution|Source|Notes|Geographic",
}
FIELDS = {label.lower(): field for field, labels in _FIELDS.items() for label in labels.split("|")}
LABEL = re.compile(r"(?P<label>[^\W\d_][^:\n]{1,45}?)[ \xa0]?:(?=[\s\xa0]|$)[ \t\xa0]{0,6}")
NOT_THERE = re.compile(r"(?i)(?:none available|not available|non disponible|nicht verfügbar|no disponible)\.?")
INFO_DATE = re.compile(r"\](?P<date>[^\]:]{6,40})(?:[:,]|$)")
WEAK = frozenset((  # a paragraph of a text may begin with these words and a colon, too
    "source", "notes", "name", "column", "correction", "author", "authors", "byline", "section", "language", "page",
    "caption", "url", "edition", "supplement", "dateline", "classification", "copies", "geographic", "company",
    "organization", "keywords", "people", "location", "year", "issue", "volume", "abstract",
    "copyright", "autor", "auteur", "verlag", "editorial", "rubrik", "rubrique",
))  # fmt: skip
ANONYMOUS = frozenset(("anonymous", "anonyme", "anonym", "anónimo"))


def field_of(label: str) -> str | None:
    """Return the field that a label names, or None."""
    return FIELDS.get(" ".join(label.split()).strip(" :\xa0").lower())

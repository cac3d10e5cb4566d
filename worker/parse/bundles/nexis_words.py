"""The words that Nexis writes before the fields of an article, in the languages of its users."""

import re

_FIELDS = {  # what stands before the text
    "author": "byline author by-line autor verfasser auteur autore",
    "section": "section rubrik ressort rubrique sectie rubriek sección seccion sezione",
    "title": "headline title titel titre kop título titulo überschrift schlagzeile",
    "length": "length länge laenge longueur lengte longitud lunghezza",
    "other": "dateline ortsmarke highlight hochtext anzeige series bio encart insert column edition ausgabe édition",
    "body": "body text texte tekst texto testo volltext",
}
_AFTER = {  # what stands behind the text. The words under "weak" may also begin a sentence of the text
    "language": "language sprache langue taal idioma lingua",
    "updated": "load-date update updated ladedatum lade-datum hochlade-datum date-chargement date-de-chargement"
    " laaddatum laad-datum fecha-carga",
    "strong": "publication-type publikationstyp publikationsart type-publication type-de-publication pub-type"
    " publicatietype type-publicatie journal-code code-revue zeitschriften-code document-type acc-no"
    " accession-number document-number pub-subject distribution",
    "weak": "graphic graphics grafik graphique illustration grafiek notes note anmerkungen notizen notities type"
    " subject state subjects thema themen schlagwörter sujet sujets onderwerp onderwerpen geographic geografie"
    " geographie géographie company companies unternehmen firma société societe entreprise bedrijf organization"
    " organisation ticker person personen personne industry branche secteur industrie city country land stadt pays"
    " ville classification klassifikation klassifizierung classificatie correction correction-date stock-symbol"
    " activity-sector geo-localization localisation-geo secteur-activite symbole-boursier isbn issn transcript-id"
    " url web-url",
}
BEFORE = {word: field for field, words in _FIELDS.items() for word in words.split()}
BEHIND = {word: field for field, words in _AFTER.items() for word in words.split()}

LABEL = re.compile(
    r"(?P<word>[^\W\d_][^\W\d]{1,18}(?:[-_ ][^\W\d_]{1,14}){0,2})[ \xa0]{0,3}:(?=[\s\xa0]|$)[\s\xa0]{0,4}"
)
"""A word and a colon at the start of a line, such as "BYLINE: " or "Load-Date: "."""
END_OF_DOCUMENT = re.compile(
    r"(?im)^[ \t\xa0]{0,40}(?:End of Document|Ende des Dokuments?|Ende Dokument|Dokumentende|Fin du document"
    r"|Einde(?: van(?: het)?)? document|Fin del documento|Fine del documento)[ \t\xa0]{0,40}$"
)
COPYRIGHT = re.compile(
    r"(?:Copyright\b|Copy(?: ©)? ?\d{4}|©|\(c\) ?\d{4}|Alle Rechte|All Rights Reserved|Tous droits)", re.I
)
ERROR = re.compile(r"(?i)we are sorry but there is an error in this document")


def label_of(line: str) -> tuple[str, str] | None:
    """Return the word before a colon at the start of a line, in the form of the tables above, and what follows it."""
    match = LABEL.match(line)
    return (match["word"].lower().replace(" ", "-").replace("_", "-"), line[match.end() :]) if match else None

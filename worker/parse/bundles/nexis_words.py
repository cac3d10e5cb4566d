"""The words that Nexis writes before the fields of an article, in the languages of its users."""

import re

_FIELDS = {  # what stands before the text
    "author": "byline author by-line autor verfasser auteur autore",
    "section": "section rubrik ressort rubrique sectie rubriek sección seccion sezione",
    "title": "headline title titel titre kop título titulo überschrift schlagzeile manchette",
    "length": "length länge laenge longueur lengte longitud lunghezza",
    "other": "dateline ortsmarke ortsangabe ortszeile lieu plaats dagtekening highlight hochtext anzeige series bio"
    " encart insert column edition ausgabe édition editie",
    "body": "body text texte tekst texto testo volltext gesamttext haupttext artikeltext corps corps-du-texte"
    " texte-intégral hoofdtekst volledige-tekst cuerpo",
}
_AFTER = {  # what stands behind the text. The words under "weak" may also begin a sentence of the text
    "language": "language sprache langue taal idioma lingua",
    "updated": "load-date update updated ladedatum lade-datum hochlade-datum hochladedatum date-chargement"
    " date-de-chargement laaddatum laad-datum datum-laden oplaaddatum fecha-carga fecha-de-carga",
    "strong": "publication-type publikationstyp publikationsart publikations-typ type-publication type-de-publication"
    " pub-type publicatietype type-publicatie publicatie-type journal-code code-revue code-de-la-revue tijdschriftcode"
    " zeitschriften-code zeitungs-code document-type acc-no"
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
    r"(?P<word>[^\W\d_][^\W\d]{1,18}(?:[-_ ][^\W\d_]{1,14}){0,3})[ \xa0]{0,3}:(?=[\s\xa0]|$)[\s\xa0]{0,4}"
)
"""A word and a colon at the start of a line, such as "BYLINE: " or "Load-Date: "."""
END_HEADING = (
    r"(?:(?:End|Ende|Fin|Einde|Final|Fine) (?:(?:of|des|du|de|van|del|di)(?: (?:the|het|le))? )?"
    r"Do[ck]ument(?:o|s|es)?|Dokumentende)"
)
"""The line behind an article, as a pattern."""
END_OF_DOCUMENT = re.compile(rf"(?im)^[ \t\xa0]{{0,40}}{END_HEADING}[ \t\xa0]{{0,40}}$")
BODY_HEADING = (
    r"(?:Body|Text|Texte(?: intégral)?|Volledige tekst|Tekst|Texto|Volltext|Gesamttext|Haupttext|Artikeltext|Hoofdtekst"
    r"|Corps(?: du (?:texte|document))?|Cuerpo)"
)
"""The heading above the text of an article, as a pattern."""
COPYRIGHT = re.compile(
    r"(?:Copyright\b|Copy(?: ©)? ?\d{4}|©|\(c\) ?\d{4}|Alle Rechte|Alle rechten|All Rights Reserved|Tous droits)", re.I
)
ERROR = re.compile(r"(?i)we are sorry but there is an error in this document")


def label_of(line: str) -> tuple[str, str] | None:
    """Return the word before a colon at the start of a line, in the form of the tables above, and what follows it."""
    match = LABEL.match(line)
    return (match["word"].lower().replace(" ", "-").replace("_", "-"), line[match.end() :]) if match else None

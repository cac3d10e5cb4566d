"""Words beside the names of authors: what introduces them, what they are, and where they write."""

import re

from worker.parse.facts import agencies


def _words(listing: str) -> frozenset[str]:
    return frozenset(listing.casefold().split())


PARTICLES = _words(
    "de da di do du des del della dello dei den der ter ten van von vom zu zum zur la le el al bin bint ibn ben af av"
    " dos das y e i o' d' l' st st. san santa mac"
)
"""Words inside names that are often in lower case."""
SUFFIXES = _words("jr jr. sr sr. ii iii iv")
DEGREES = _words("phd ph.d ph.d. md m.d. mba jd llm msc ma ba bsc rn esq esq. obe mbe cbe frs")
ROLES = _words(
    """
    editor editors reporter reporters correspondent correspondents writer writers journalist journalists columnist
    contributor contributors producer producers author critic analyst intern fellow photographer blogger anchor host
    researcher professor lecturer lawyer economist director manager chief head officer staffer commentator
    editor-in-chief co-editor freelancer teacher student
    redakteur redakteurin redakteure reporterin korrespondent korrespondentin journalistin autor autorin volontär
    volontärin chefredakteur chefredakteurin kolumnist ressortleiter ressortleiterin mitarbeiter mitarbeiterin
    rédacteur rédactrice journaliste correspondant correspondante envoyé envoyée auteur autrice chroniqueur pigiste
    redactor redactora periodista corresponsal reportero reportera editora autora columnista colaborador
    giornalista redattore redattrice corrispondente inviato inviata autore direttore
    redacteur verslaggever verslaggeefster correspondente journalist jornalista repórter redator
    dziennikarz dziennikarka redaktor reporterka redaktør korrespondent journalistka журналист корреспондент редактор
    """
)
"""What people who write are called."""
KINDS = _words(
    """
    staff senior junior political politics sports sport business news foreign science health education features feature
    managing deputy associate assistant executive general special guest chief contributing national international
    world city local local-democracy environment environmental economics economic financial finance technology tech
    culture arts crime court courts legal defence defense diplomatic security royal religious social affairs europe
    european asia africa middle east washington london westminster home investigations investigative data digital video
    opinion online web night day the our lead freelance former staff-writer democracy
    freier freie leitender leitende politischer stellvertretender spécial spéciale especial
    """
)
"""What kind of editors and reporters there are, and sections of papers."""
BODIES = _words(
    """
    news times post journal tribune herald gazette courier chronicle observer guardian telegraph press network radio
    television tv magazine media newspaper newspapers agency service services association associated bureau desk
    newsroom team staff redaktion zeitung nachrichten presse tageblatt kurier anzeiger rundschau rédaction redacción
    redactie redazione redacção redação redakcja redakce toimitus редакция council institute university college company
    corporation corp inc inc. ltd ltd. llc gmbh group foundation department ministry office board committee society
    union club party centre center group.com editors contributors agencies wire wires correspondents reporters writers
    daily weekly express mail echo mercury standard globe review record bulletin digest today broadcasting publishing
    publications communications university-press
    """
)
"""Words that only names of bodies have."""
ASSOCIATIONS = _words(
    "association foundation university college council institute society company union party committee department"
    " ministry office club agency group corporation limited ltd inc llc gmbh"
)
"""Last words of the names of bodies that may have "and" in them."""
AGENCIES = frozenset(spelling for spelling in agencies.NAMES if " " not in spelling) | {"newswire"}
AGENCY_NAMES = tuple(spelling for spelling in agencies.NAMES if " " in spelling)
ANONYMOUS = _words(
    """
    admin administrator administrateur administrador staff editor editors editorial author authors redaktion redaction
    rédaction redacción redactie redazione redacção redação redakcja redakce redaktionen toimitus редакция newsroom
    guest contributor contributors anonymous anonym anonyme anónimo unknown user root webmaster wordpress superuser
    moderator none null n/a na by von par press-release website web team desk agencies agency wires n.n. nn test
    ohne autor autorin auteur автор siteadmin webadmin newsdesk webdesk editor-in-chief correspondent reporter writer
    """
)
"""Names, of one word, that name nobody."""
ANONYMOUS_ENDS = re.compile(
    r"(?i)(?:^|\s)(?:staff|team|desk|newsroom|editors|redaktion|rédaction|redacción|redactie|redazione|redação|agencies"
    r"|contributors?|correspondents|reporters|writers?|reporter|editor|correspondent|admin|web ?desk|news ?desk"
    r"|editorial board|staff report|staff reports|press release|wire reports|wire services|news service)\W*\Z"
    r"|^(?:contributors|editors|staff|reporters|correspondents|authors|members) (?:to|of|at|from|for)\b"
    r"|^\W*(?:la |le |die |de |el |the )?(?:redaktion|rédaction|redacción|redactie|redazione|newsroom|editorial)\b"
)
PLACES = frozenset((
    *("new york", "new york city", "los angeles", "san francisco", "washington dc", "washington d.c.", "hong kong"),
    *("new delhi", "tel aviv", "buenos aires", "rio de janeiro", "são paulo", "mexico city", "cape town", "abu dhabi"),
    *("new zealand", "south africa", "south korea", "north korea", "saudi arabia", "united states", "united kingdom"),
    *("kuala lumpur", "ho chi minh city", "las vegas", "san diego", "st. petersburg", "den haag", "the hague"),
    *("new orleans", "salt lake city", "ciudad de méxico", "la paz", "san juan", "addis ababa", "sri lanka"),
    *("northern ireland", "new jersey", "north carolina", "south carolina", "new mexico", "west virginia"),
))  # fmt: skip
"""Places of several words, which look like names of people."""
_WRITING = (
    "text|words|story|report(?:ing)?|written|reported|posted|published|compiled|article|produced|interview|analysis"
    "|opinion|review|comment(?:ary)?|edited|submitted|created|contributed"
    "|erstellt|geschrieben|verfasst|kommentar|bericht|(?:ein |eine )?(?:gastbeitrag|kommentar|analyse|artikel)"
    "|text (?:und|&) fotos?|publié|écrit|rédigé|propos recueillis|texte|publicado|escrito|texto|scritto|a cura|testo"
    "|geschreven|(?:een )?artikel|tekst|sprawozdanie"
)
_WRITERS = (
    "by-?line|authors?|autor(?:en|in|es|a)?|auteurs?|autore|autori|autrice|auteure|autorzy|forfatter|författare|автор"
    "|текст|verfasser(?:in)?|redacteur|redaktion|writer|reporter|journalist|tekst|by|von|par|por|door"
)
_BY = "by|von|par|por|di|door|af|av|przez"
INTRODUCTION = re.compile(
    rf"(?i)^\W*(?:(?:{_WRITING})\s*(?:(?:{_BY})\b\s*:?|:)|(?:{_WRITERS})\s*:"
    r"|(?:(?:view all |see all |all |more )?(?:posts |articles |stories )?|more )(?:by|from)\s"
    r"|(?:von|par|por|door|przez|di|af|av|от)\s(?!(?:der|dem|den|de la)\s)|文/|撰文[：:]?|(?:記者|记者)[：:]?\s*)\s*"
)
"""What stands before the names of authors."""

"""Refusing pages that are no article: error pages, checks for robots, walls of consent, lists of teasers.

The shape decides, not the words alone: such a page has little text, says so in its title or headline, and speaks to
its reader. An article about lost pages or cookies does not.
"""

import re

from worker.parse.pages.blocks import HEADINGS, Block
from worker.parse.pages.page_text import PageText
from worker.reasons import Reason, Refused

FEW_WORDS = 120  # an error page has fewer
VERY_FEW_WORDS = 60  # a page that only asks for scripts has fewer
WALL_WORDS = 300  # a wall of consent has fewer
MOSTLY = 0.6  # of its words must be about cookies
FEWEST_TEASERS = 5  # a list of articles has at least so many
TEASER_WORDS = 70  # and at most so many words of each
LONGEST_INVITATION = 60
UNSPACED = re.compile("[\u2e80-\U0010ffff]")
TITLE_PARTS = re.compile(r"\s+[|–—·•»:-]\s+|\s*[|»]\s*")

NOT_FOUND = re.compile(
    r"(?i)\W*(?:(?:error|fehler|erreur|errore|fout|http)\s*:?\s*)?(?:[45]\d\d\b)?\W*(?:error|fehler|erreur|errore)?\W*"
    r"(?:(?:oops|sorry|uh[\s-]?oh|ups|hoppla)\W+)?(?:(?:the|this|that|your|die|diese|cette|la|esta|questa|deze)\s+)?"
    r"(?:(?:page|file|article|content|site|document|url|seite|artikel|página|pagina|article|contenu|contenido)\s+"
    r"(?:(?:was|is|could|can|cannot|can.t|not|be|isn.t|doesn.t|does|has|been|no|longer|wurde|konnte|nicht|est|n.est|non"
    r"|no|niet|kan|werd|not)\s+){0,4}"
    r"(?:found|exists?|available|removed|moved|gefunden|werden|verfügbar|introuvable|trouvée|encontrada|existe|trovata"
    r"|gevonden|disponible)|not\s+found|gone|forbidden|access\s+denied|internal\s+server\s+error|bad\s+gateway"
    r"|service\s+(?:temporarily\s+)?unavailable|gateway\s+time-?out|too\s+many\s+requests|unauthori[sz]ed"
    r"|nicht\s+gefunden|introuvable|no\s+encontrad[ao]|non\s+trovat[ao]|niet\s+gevonden|zugriff\s+verweigert)?\W*"
)
APOLOGY = re.compile(
    r"(?i)\b(?:page|url|link|address|content|article|file|document)\b[^.!?\n]{0,80}\b(?:not\s+(?:be\s+)?found"
    r"|cannot\s+be\s+found"
    r"|can.t\s+be\s+found|can.t\s+find|doesn.t\s+exist|does\s+not\s+exist|no\s+longer\s+(?:exists?|available|here)"
    r"|(?:been|was)\s+(?:re)?moved|unavailable|not\s+available)"
    r"|\b(?:can.t|cannot|couldn.t|could\s+not|unable\s+to)\s+find\b[^.!?\n]{0,60}\b(?:page|looking|requested)"
    r"|\b(?:go|return|back)\s+(?:back\s+)?to\s+(?:the|our)\s+home\s?page|you\s+don.t\s+have\s+permission"
    r"|try\s+again\s+later"
    r"|\bseite\b[^.!?\n]{0,80}\b(?:nicht\s+gefunden|existiert\s+nicht|nicht\s+(?:mehr\s+)?(?:verfügbar|vorhanden))"
    r"|\bpage\b[^.!?\n]{0,60}\b(?:n.existe\s+(?:pas|plus)|introuvable|pas\s+été\s+trouvée)"
    r"|\bpágina\b[^.!?\n]{0,60}\bno\s+"
    r"(?:existe|(?:ha\s+sido\s+|fue\s+)?encontrad|está\s+disponible|se)"
    r"|\bpagina\b[^.!?\n]{0,60}\b(?:non\s+(?:esiste|è)|niet\b)"
)
ROBOT_TITLE = re.compile(
    r"(?i)\W*(?:just\s+a\s+moment|attention\s+required!?|are\s+you\s+(?:a\s+)?(?:robot|human)\??"
    r"|pardon\s+our\s+interruption"
    r"|(?:security|robot|human|bot)\s+(?:check|verification)|verify(?:ing)?\s+(?:that\s+)?you\s+are\s+(?:a\s+)?human"
    r"|access\s+to\s+this\s+page\s+has\s+been\s+denied|checking\s+your\s+browser|ddos-guard|captcha|please\s+wait"
    r"|one\s+more\s+step|request\s+blocked|sicherheitsüberprüfung|einen\s+moment,?\s+bitte|un\s+momento"
    r"|un\s+instant)\W*"
)
ROBOT = re.compile(
    r"(?i)checking\s+(?:if\s+the\s+site\s+connection|your\s+browser)"
    r"|verify(?:ing)?\s+(?:that\s+)?you.{0,12}\s+(?:are\s+)?(?:not\s+a\s+robot|(?:a\s+)?human)"
    r"|enable\s+javascript\s+and\s+cookies\s+to\s+continue|unusual\s+(?:traffic|activity)\s+from\s+your"
    r"|complete\s+the\s+(?:security\s+check|captcha)"
    r"|(?:confirm|prove)\s+(?:that\s+)?you.{0,5}\s*(?:are\s+)?(?:not\s+a\s+robot|(?:a\s+)?human)"
    r"|click\s+the\s+box\s+below\s+to\s+let\s+us\s+know"
    r"|made\s+us\s+think\s+(?:that\s+)?you\s+were\s+a\s+bot|sie\s+kein\s+roboter\s+sind"
    r"|vous\s+n.êtes\s+pas\s+un\s+robot|no\s+eres\s+un\s+robot"
    r"|non\s+sei\s+un\s+robot|je\s+geen\s+robot\s+bent|cloudflare\s+ray\s+id"
)
SCRIPTS = re.compile(
    r"(?i)\b(?:enable|activate|turn\s+on|allow|requires?|without|support|aktivieren|activer|activa|habilit\w+"
    r"|abilita\w*|attiva\w*|inschakelen)\b[^.!?\n]{0,60}\bjava\s?script"
    r"|java\s?script\b[^.!?\n]{0,60}\b(?:enabled?|disabled|required|turned\s+off|aktivier\w+|deaktiviert|activ\w+"
    r"|désactivé|desactivado|disabilitato|abilitato|inschakelen|uitgeschakeld)\b"
)
CONSENT = re.compile(
    r"(?i)\b(?:cookies?|consent|partners?|personal\s+data|privacy|tracking|legitimate\s+interest|vendors"
    r"|einwilligung|zustimm\w+|datenschutz\w*"
    r"|confidentialité|consentement|traceurs|consentimiento|privacidad|consenso|toestemming)\b"
)
CONSENT_TO_READER = re.compile(
    r"(?i)\b(?:we|our|wir|unsere|nous|nos|nosotros|nuestros|noi|nostri|wij|onze)\b[^.!?\n]{0,120}\b(?:cookies?"
    r"|partners?|partner|socios|daten|données|datos|dati)\b"
)
YOUR_CHOICE = re.compile(
    r"(?i)\b(?:your|you|ihre|sie|votre|vos|vous|tu|sus|tus|tuo|tuoi|je|uw)\b[^.!?\n]{0,100}\b(?:consent|choices?"
    r"|settings|preferences|privacy|accept|agree|einwilligung|einstellungen"
    r"|zustimm\w+|choix|préférences|consentement|consentimiento|preferencias|consenso|preferenze|toestemming"
    r"|voorkeuren)\b"
)
READ_ON = re.compile(
    r"(?i)\W*(?:read\s+(?:more|on|full\s+\w+|the\s+\w+\s+\w+|article|story)|continue\s+reading|more|full\s+story"
    r"|keep\s+reading|weiterlesen|mehr(?:\s+(?:lesen|erfahren))?|zum\s+artikel"
    r"|lire\s+(?:la\s+suite|plus|l.article)|en\s+savoir\s+plus|leer\s+más|seguir\s+leyendo|leggi\s+(?:tutto"
    r"|di\s+più|l.articolo)|continua\s+a\s+leggere|lees\s+(?:meer|verder)|läs\s+mer|les\s+mer|læs\s+mere|leia\s+mais"
    r"|czytaj\s+(?:więcej|dalej)|читать\s+(?:далее|дальше))\b.{0,60}"
)


def check_page(found: PageText, titles: list[str]) -> None:
    """Raise `Refused(no_text)` if the page is no article. `titles` are the contents of its `title` element."""
    text = found.text or "\n\n".join(block.text for block in found.page[:40])
    count = _count(text)
    headlines = [*titles, *(block.text for block in found.page if block.tag in ("h1", "h2"))]
    parts = [part for headline in headlines[:6] for part in [headline, *TITLE_PARTS.split(headline)] if part.strip()]
    if count < FEW_WORDS and _says(NOT_FOUND, parts) and (APOLOGY.search(text) or count < VERY_FEW_WORDS // 2):
        _refuse("It is an error page (not found, or no access), not an article. Save the page again, or save its text.")
    robots = len({match[0].lower() for match in ROBOT.finditer(text[:5000])})
    if count < FEW_WORDS and robots + 2 * _says(ROBOT_TITLE, parts) >= 2:
        _refuse("It is a check for robots, not the article. Open the page in a browser, and save it when it is there.")
    if count < VERY_FEW_WORDS and SCRIPTS.search(text):
        _refuse("The page is built by scripts, and its text is not in the file. Save it from a browser, or as text.")
    if count < WALL_WORDS and _is_consent(text):
        _refuse(
            "It only asks for consent to cookies. Answer in a browser, and save the page when the article is there."
        )
    if found.text and _is_index(found):
        _refuse("It is a list of articles (an index), not an article. Open one of them, and save its page.")


def _refuse(message: str) -> None:
    raise Refused(Reason.NO_TEXT, message)


def _count(text: str) -> int:
    """Return the number of words; of a script without blanks, half of its characters."""
    count = len(text.split())
    return count if count > WALL_WORDS or text.isascii() else max(count, len(UNSPACED.findall(text)) // 2)


def _says(pattern: re.Pattern[str], parts: list[str]) -> bool:
    """True if one part of the titles is nothing but what the pattern says."""
    return any(len(part) <= 100 and any(map(str.isalnum, part)) and pattern.fullmatch(part) for part in parts)


def _is_consent(text: str) -> bool:
    """True if most paragraphs are about cookies, and some speak to the reader about them."""
    if not (CONSENT_TO_READER.search(text) and YOUR_CHOICE.search(text)):
        return False
    paragraphs = text.split("\n\n")
    about = sum(len(paragraph) for paragraph in paragraphs if CONSENT.search(paragraph))
    return about >= MOSTLY * sum(map(len, paragraphs))


def _is_index(found: PageText) -> bool:
    """True if the text is made of teasers: headlines that are links, or texts that end with a link to read on."""
    first, last = found.chosen[0], found.chosen[-1]
    start = next(place for place, block in enumerate(found.page) if block is first)
    end = next(place for place, block in enumerate(found.page) if block is last)
    inside = found.page[max(0, start - 1) : end + 2]
    headlines = sum(block.tag in HEADINGS and block.link_share > MOSTLY for block in inside)
    read_on = sum(map(_is_read_on, inside))
    cut = sum(block.text.endswith(("…", "...", "[…]", "[...]", "…]")) for block in found.chosen)
    teasers = max(headlines, read_on, cut if 2 * cut > len(found.chosen) else 0)
    return teasers >= FEWEST_TEASERS and _count(found.text) <= TEASER_WORDS * teasers


def _is_read_on(block: Block) -> bool:
    """True if the block is, or ends with, an invitation to read the article that it introduces."""
    if block.linked == 0:
        return False
    if len(block.text) <= LONGEST_INVITATION:
        return READ_ON.fullmatch(block.text) is not None
    return READ_ON.fullmatch(re.split(r"[.…!?\]]\s+", block.text[-LONGEST_INVITATION:])[-1]) is not None

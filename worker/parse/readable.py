"""Refusing texts that are no article: empty ones, and the beginning that a paywall or a service shows."""

import re

from worker.reasons import Reason, Refused

PAYWALL_WORDS = 150  # refuse a text that asks for a subscription and has fewer words: it is only a teaser
PAYWALL = re.compile(  # phrases that only paywalls use: news may also say "already a member" or "for subscribers"
    r"(?i)\b(?:subscribe (?:now )?to (?:continue|read|keep|unlock)|continue reading,? (?:this|subscribe|log|sign)"
    r"|to continue reading|already a (?:subscriber|member)\?|(?:sign|log) in to (?:continue|read|keep)"
    r"|(?:article|story|content|page) is (?:only |exclusively )?(?:for|available to) (?:paid |our )?subscribers"
    r"|(?:create|register for) (?:a|your) free account|(?:start|begin) your (?:free trial|subscription)"
    r"|(?:jetzt|weiter)lesen mit [\w\s+]{1,30}(?:abo|\+)|(?:artikel|inhalt) ist (?:nur )?für (?:unsere )?abonnenten"
    r"|(?:sie sind|bereits) (?:schon )?abonnent(?:in)?\?|(?:article|contenu) (?:est )?réservé aux abonnés"
    r"|(?:il vous reste|vous avez déjà) [\w\s%]{0,40}(?:à lire|un compte)|déjà abonné(?:e|\(e\))? ?\?"
    r"|(?:contenido|artículo) (?:es )?exclusivo para suscriptores|¿ya (?:eres|es) suscriptor"
    r"|(?:contenuto|articolo) (?:è )?riservato agli abbonati|sei già abbonato\?|alleen voor abonnees)(?!\w)"
)
TRUNCATED = re.compile(
    r"(?:…|\.{3})\s{0,3}\[\+?\d{1,7} (?:chars|characters|words|Zeichen|caractères|caracteres)\]\s*\Z"
)


def check_readable(body_text: str) -> None:
    """Raise `Refused(no_text)` if the body has no letter or digit, or is only the teaser of an article."""
    if not any(character.isalnum() for character in body_text):
        raise Refused(Reason.NO_TEXT, "There is no text in it. If the page needs a browser, save it as text or HTML.")
    if len(body_text) < 20 * PAYWALL_WORDS and len(body_text.split()) < PAYWALL_WORDS and PAYWALL.search(body_text):
        raise Refused(
            Reason.NO_TEXT,
            "Only a paywall's teaser is there (it asks to subscribe or sign in). Drop the whole article instead.",
        )
    if TRUNCATED.search(body_text[-200:]):
        raise Refused(
            Reason.NO_TEXT,
            "Only the beginning of the article is there: it ends with the number of characters that were left out. Drop"
            " the whole article instead.",
        )

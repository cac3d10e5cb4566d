"""The phrases that stand around articles and not in them, in the languages whose news is read most.

A blank in a phrase stands for white space of any length. Each phrase begins a paragraph, and never behind a quotation
mark: people may say what a box says.
"""

import re

START = r"""^[^\w"“„«‘']{0,5}"""


def phrases(*listed: str, start: str = START, end: str = "") -> re.Pattern[str]:
    """Return a pattern of these phrases, whatever their case."""
    return re.compile(start + "(?:" + "|".join(listed).replace(" ", r"\s+") + ")" + end, re.IGNORECASE)


# "READ MORE: …", "À lire aussi : …". With a link, or with the label in capitals.
LINK_LABEL = phrases(
    r"(?:read|see|watch|listen|view|explore|hear)(?: (?:more|also|next|now|here|on|this|related|to)){0,2}",
    *("also (?:read|see|watch|on)", r"more(?: (?:on|from|about|stories|news|coverage|like)\b[^:]{0,60})?"),
    *(
        r"related\b[^:]{0,40}",
        "recommended",
        "don.t miss",
        "in (?:pictures|photos|depth|case you missed it)",
        "gallery",
    ),
    *(
        "videos?",
        "photos",
        "podcast",
        "opinion",
        "analysis",
        "explainer",
        "explained",
        "(?:must|further|background).read",
    ),
    *(r"further reading", r"you (?:may|might) (?:also )?(?:like|be interested)[^:]{0,30}"),
    *(
        r"lesen sie (?:auch|dazu|hier|mehr)[^:]{0,40}",
        "mehr (?:zum thema|dazu|lesen)",
        "auch interessant",
        "siehe auch",
    ),
    *(
        "zum thema",
        "(?:à )?lire (?:aussi|également|plus)",
        "voir aussi",
        "à (?:voir|écouter)(?: aussi)?",
        "notre dossier",
    ),
    *(
        "(?:lea|lee|leer|ver|vea|mira) (?:también|más|además)",
        "te puede interesar",
        "más información",
        "relacionad[oa]s?",
    ),
    *("leggi (?:anche|pure|di più)", "guarda anche", "potrebbe interessarti", "lees (?:ook|meer|verder)", "bekijk ook"),
    *(
        "le[iu]a (?:também|mais)",
        "veja (?:também|mais)",
        "saiba mais",
        "czytaj (?:też|także|więcej)",
        "zobacz (?:też|także)",
    ),
    *("läs (?:också|mer|även)", "les (?:også|mer)", "læs (?:også|mere)", "lue myös", "читайте (?:также|ещё)"),
    end=r"\s*(?:[:|»>→–—-]|$)",
)
# An invitation is one without a colon, too, if all behind it is a link.
INVITATION = phrases(
    *("read (?:more|also|next|the full)", "also read", "lesen sie (?:auch|dazu|hier|mehr)", "mehr zum thema"),
    *("(?:à )?lire aussi", "le[ae] también", "lee también", "te puede interesar", "leggi anche", "lees ook"),
    *("leia (?:também|mais)", "(?:click|tap) here", "klicken sie hier", "cliquez ici", "haga clic aquí", "clicca qui"),
    *("klik hier", "watch:? video"),
    end=r"\b",
)
CAPITALS = re.compile(r"^\W{0,5}[A-ZÄÖÜÀÉ][A-ZÄÖÜÀÉ\s’']{2,40}\s*[:|»>→–—-]")

CREDIT = phrases(
    r"(?:(?:file|stock|handout|library|archive?) )?(?:photos?|photograph(?:er|s|y|ie|ien)?|pictures?|pic|images?)",
    *("fotos?", "bild(?:er|quelle|nachweis)?", "credits?", "crédits?(?: photo)?", "foto(?:grafía|grafia)", "imagen"),
    *(
        "immagine",
        "illustration",
        "graphi[ck]",
        "quelle",
        "afbeelding",
        "beeld",
        "symbol(?:bild|foto)",
        "kuva",
        "zdjęcie",
    ),
    end=r"(?:\s+(?:credits?|caption|copyright|source|by|courtesy|von|de|di|door|via)){0,3}\s*[:/©|–]",
)
IMAGE_WORDS = phrases(r"(?:image|media|picture|photo) (?:caption|copyright|source)\b", r"file (?:photo|image|pic)\b")
AGENCIES = (
    r"getty(?:\s+images)?|shutterstock|afp|reuters|ap|ap\s+photo|epa|dpa|unsplash|istock|alamy|imago|bloomberg"
    r"|picture\s+alliance|pa\s+(?:wire|images|media)|anadolu|xinhua|keystone|ansa|efe|tass"
)
# The agency begins the line, or stands behind a sign that parts it from a name: "Una Roe/AFP", "A pier (Reuters)".
AGENCY_CREDIT = re.compile(
    rf"(?i)^(?:\W{{0,5}}|[^.!?]{{0,120}}(?:[/(\[©:|]|,|\s[-–—]|\bvia)\s{{0,3}})(?:{AGENCIES})(?:\s*(?:/|via|images)\s*[\w\s.,’'/-]{{0,60}})?[)\]]?$"
)
CREDIT_AT_END = re.compile(
    rf"(?i)(?:[(\[]\s*(?:(?:file|stock|handout)\s+)?(?:photos?|photograph|foto|bild|image|picture|pic|crédits?"
    rf"(?:\s+photo)?|credit|imagen|{AGENCIES})\s*(?:by|[:/])\s*[^()\n]{{2,80}}[)\]]\.?"
    r"|(?P<bare>(?-i:[PFBIC])(?:hotograph|hoto\s+credit|hoto|mage\s+credit|icture|oto|ild|rédit\s+photo)\s*:"
    r"\s*[^.:\n]{2,60}))$"
)

# The whole paragraph: labels of adverts and buttons.
LABEL = phrases(
    *("advertisement", "advertising", "advert", "ad", "sponsored(?: content)?", "promoted", "anzeige", "werbung"),
    *(
        "publicidad",
        "publicité",
        "pubblicità",
        "publicidade",
        "advertentie",
        "reklam[ae]?",
        "annons",
        "annonce",
        "реклама",
    ),
    *(r"(?:the )?(?:story|article) continues(?: (?:below|after)[\w\s]{0,30})?", "continue reading(?: below)?"),
    *(r"scroll (?:down )?to continue[\w\s]{0,20}", r"loading(?:\.{3}|…)?", "skip (?:advertisement|ad)"),
    *(
        "show (?:more|less|all)",
        "(?:read )?more",
        "read full (?:story|article)",
        "mehr",
        "weiterlesen",
        "lire la suite",
    ),
    *("leer más", "leggi tutto", "lees (?:meer|verder)", "print", "share", "tweet", "pin", "copy link", r"link copied"),
    *("whatsapp", "facebook", "twitter", "linkedin", "e-?mail", r"(?:\d+ )?comments?", "save", "back to top", "listen"),
    *("close", "teilen", "drucken", "merken", "partager", "compartir", "condividi", "delen", r"\[?edit\]?"),
    end=r"\W*$",
)
NEWSLETTER = phrases(
    r"(?:sign (?:me )?up|subscribe|register|receive)\b[^\n]{0,200}"
    r"\b(?:newsletters?|inbox|e-?mails?|mailing list|briefing|news alerts?|updates)\b",
    r"(?:join|get|want|like what)\b[^\n]{0,200}\b(?:newsletters?|inbox|mailing list|news alerts?"
    r"|(?:our|your|latest|daily|weekly|morning|breaking|free)(?: [\w-]{1,20}){0,2} (?:e-?mails?|briefing|updates))\b",
    *(r"(?:enter|your) (?:your )?e-?mail\b", r"by (?:signing up|subscribing|submitting|clicking|entering)\b"),
    *(r"thank(?:s| you) for (?:signing|subscribing)", r"we use your sign-?up", r"subscribe (?:now|today)\b"),
    r"this (?:site|form) is protected by recaptcha",
    r"(?:jetzt |hier )?(?:unseren |den )?newsletter\b[^\n]{0,80}(?:abonnieren|bestellen|anmelden)",
    *(r"melden sie sich[^\n]{0,80}newsletter", r"abonnieren sie\b", r"(?:inscrivez|abonnez)-vous\b"),
    r"(?:suscríbete|suscríbase|regístrate|recibe|apúntate)\b[^\n]{0,100}(?:bolet[ií]n|newsletter|correo|noticias)",
    r"iscriviti\b[^\n]{0,80}newsletter",
    r"(?:schrijf je in|meld je aan|abonneer je)\b[^\n]{0,80}nieuwsbrief",
)
FOLLOW = phrases(
    r"(?:follow|like|find|join|add) (?:us|@?[\w.’'&-]+(?: [\w.’'&-]+){0,4}) (?:on|in|as) (?:our )?"
    r"(?:@|x\b|twitter|facebook|instagram|whatsapp|telegram|threads|youtube|tiktok|linkedin|bluesky|google|flipboard"
    r"|a preferred)",
    *(r"(?:share|email|print|bookmark) (?:this|on|via)\b[^.]{0,60}$", "folgen sie uns", "suivez-nous", "síguenos"),
    *("seguici su", "volg ons", "siga-nos", r"(?:download|get) (?:the|our)\b[^.]{0,40}\bapp\b"),
    r"(?:share|send)(?: us)? your (?:story|stories|tips|views|thoughts|comments)"
    r"(?:\W{0,3}$| (?:with us|below|here|by e-?mail|in the comments?|(?:to|at) \S{1,60}@)| via\b)",
    *("(?:leave|write|post) a (?:reply|comment)", "your e-?mail address will not", r"save my name, e-?mail"),
    *(r"(?:do you have|got) a (?:story|tip)\b",),
    r"(?:tags?|topics?|filed under|categor(?:y|ies)|keywords|schlagw(?:ort|orte|örter)|étiquettes|etiquetas|posted in"
    r"|themen)\s*:",
)
# WordPress puts this behind each article of a feed, in the language of the site.
FEED_FOOTER = phrases(
    r"(?:the post|der beitrag|l[’']article|cet article|la entrada|el artículo|l[’']articolo|het (?:bericht|artikel)"
    r"|o post|a postagem|inlägget|innlegget|indlægget|artikkeli|wpis|сообщение|запись)\b[^\n]{0,400}\b"
    r"(?:appeared first on|first appeared on|erschien zuerst auf|(?:est )?apparu en premier sur"
    r"|(?:se publicó|apareció) primero en|(?:proviene|sembra essere il primo)\b[^\n]{0,40} (?:su|da)|verscheen eerst op"
    r"|apareceu primeiro em|dök först upp på|dukket først opp på|blev vist første gang den|julkaistiin ensin"
    r"|pojawił się poczatkowo|появились сначала на)\b",
)
MAIL_LINES = phrases(
    r"(?:view|read|open|see) (?:(?:this|it|the|our) ?)?(?:e-?mail|message|newsletter|mailing|(?:online|web) version)?"
    r" ?(?:in|on) (?:your|a|the) (?:web ?)?browser",
    *(r"unsubscribe\b", r"manage (?:your )?(?:e-?mail )?(?:preferences|subscriptions?)", "update your preferences"),
    *("(?:newsletter )?abbestellen", "se désabonner", "darse de baja", "cancella l[’']iscrizione", "uitschrijven"),
)
DATE_LABEL = phrases(
    r"(?:(?:first |last |originally )?(?:published|updated|posted|modified)|veröffentlicht|aktualisiert|publié"
    r"|mis à jour|publicado|actualizado|pubblicato|aggiornato|gepubliceerd|bijgewerkt"
    r"|stand)\b(?=[^\n]*\d)[^\n]{0,70}(?<![.!?])$",
    r"\d{1,3} min(?:ute)?s?\.? (?:read|lesezeit|de lecture|de lectura|di lettura|leestijd)$",
    *(r"(?:estimated )?reading time\b[^.]{0,30}$", r"lesezeit\b[^.]{0,30}$"),
)
BYLINE = re.compile(r"^(?:By|BY|Von|Par|Por|Di|Door)\s+[A-ZÀ-Þ][^.!?:;\n]{2,80}$")
BIOGRAPHY = phrases(
    r"(?:reach|contact) (?:him|her|them|the (?:reporter|writer|author)) (?:at|on|via)",
    *(r"follow (?:him|her|them) (?:on|at)", r"(?:can be )?reached at\b"),
    r"is an? [\w\s-]{0,40}\b(?:reporter|writer|journalist|correspondent|columnist|editor|freelancer|author)\b",
    start=r"\b",
)
# The whole paragraph: headings of lists of links, comments, sources.
LIST_HEADING = phrases(
    *(r"related(?: \w+){0,2}", r"more (?:from|on|stories|news|like this)\b.{0,60}", "read (?:next|more|also)"),
    *("you (?:may|might) (?:also )?(?:like|be interested in)", r"recommended(?: \w+){0,3}"),
    *("(?:most|trending|popular) (?:read|popular|viewed|posts|stories|articles|now)", "trending", "see also"),
    *("(?:latest|top|other) (?:news|stories|headlines|articles)", r"share this(?: \w+)?", "about the authors?"),
    *("(?:das )?könnte (?:sie|dich) auch interessieren", "mehr zum thema", "weitere (?:artikel|nachrichten|themen)"),
    *("meistgelesen", "siehe auch", "(?:sur|dans) le même (?:sujet|thème)", "à lire (?:aussi|également)"),
    *("les plus lus", "voir aussi", "noticias relacionadas", "lo más (?:leído|visto)", "te puede interesar"),
    *("véase también", "articoli correlati", "leggi anche", "i più letti", "lees ook", "meest gelezen", "references"),
    *("external links", "einzelnachweise", "weblinks", "notes et références", "liens externes", "referencias"),
    "enlaces externos",
    end=r"\s*[:(\d)]{0,5}$",
)
# A heading that begins as that of a list does, but may name what the next paragraphs are about ("Related concerns").
TOPIC_HEADING = phrases(
    r"(?:related|recommended|more(?: on)?) (?!(?:\w+ ){0,3}(?:stor(?:y|ies)|articles?|news|posts?|contents?|topics?"
    r"|coverage|videos?|links?|reading|reads?|reports?|items?|tags?|products?|searches|subject|like|from|for you|you"
    r"|podcasts?|pages?|photos|headlines|features|series)\b)\w+",
)
# The whole paragraph: headings of what readers say.
COMMENTS_HEADING = phrases(
    *(r"(?:\d+ )?(?:comments?|kommentare?|commentaires?|comentarios|commenti|reacties)(?: \(?\d+\)?)?",),
    *(
        "leave a (?:reply|comment)",
        "join the (?:conversation|discussion)",
        r"\d+ (?:thoughts?|responses?) (?:on|to)\b.*",
    ),
    end=r"\s*[:(\d)]{0,5}$",
)

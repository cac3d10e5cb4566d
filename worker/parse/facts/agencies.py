"""The news agencies that are known by name, each with its spellings in datelines, credits and by-lines."""

SPELLINGS: dict[str, tuple[str, ...]] = {
    "AAP": ("aap", "australian associated press"),
    "AFP": ("afp", "agence france-presse", "agence france presse"),
    "AFX": ("afx", "dpa-afx"),
    "ANI": ("ani", "asian news international"),
    "ANP": ("anp", "algemeen nederlands persbureau"),
    "ANSA": ("ansa", "agenzia ansa"),
    "Antara": ("antara",),
    "AP": ("ap", "associated press", "the associated press", "ap news"),
    "APA": ("apa", "austria presse agentur"),
    "ATS": ("ats", "agence télégraphique suisse", "keystone-ats"),
    "Belga": ("belga", "agence belga"),
    "Bernama": ("bernama",),
    "Bloomberg": ("bloomberg", "bloomberg news"),
    "CP": ("cp", "canadian press", "the canadian press", "la presse canadienne"),
    "ČTK": ("čtk", "ctk", "czech news agency"),
    "Dow Jones": ("dow-jones", "dow jones", "dow jones newswires"),
    "dpa": ("dpa", "deutsche presse-agentur", "german press agency"),
    "EFE": ("efe", "agencia efe"),
    "epd": ("epd", "evangelischer pressedienst"),
    "IANS": ("ians", "indo-asian news service"),
    "Interfax": ("interfax",),
    "IRNA": ("irna", "islamic republic news agency"),
    "KNA": ("kna", "katholische nachrichten-agentur"),
    "Kyodo": ("kyodo", "kyodo news"),
    "Lusa": ("lusa", "agência lusa"),
    "Mehr": ("mehr", "mehr news agency"),
    "MTI": ("mti",),
    "NTB": ("ntb", "norsk telegrambyrå"),
    "PA": ("pa", "pa-media", "pa media", "press association", "the press association", "pa news agency"),
    "PAP": ("pap", "polska agencja prasowa"),
    "PTI": ("pti", "press trust of india"),
    "Reuters": ("reuters", "thomson reuters", "reuters news agency"),
    "RIA Novosti": ("ria", "ria novosti"),
    "Ritzau": ("ritzau", "ritzaus bureau"),
    "SDA": ("sda", "keystone-sda", "schweizerische depeschenagentur"),
    "SID": ("sid", "sport-informations-dienst"),
    "STT": ("stt", "suomen tietotoimisto"),
    "Tasnim": ("tasnim", "tasnim news agency"),
    "TASS": ("tass", "itar-tass"),
    "TT": ("tt", "tidningarnas telegrambyrå"),
    "UPI": ("upi", "united press international"),
    "Xinhua": ("xinhua", "xinhua news agency"),
    "Yonhap": ("yonhap", "yonhap news agency"),
}
"""The short name of each agency, by which reports call it, and its spellings in lower case."""

NAMES = {spelling: name for name, spellings in SPELLINGS.items() for spelling in spellings}
"""The short name of the agency with each spelling."""

SHORTEST_WORD = 4  # letters: a longer name of an agency is a word, "Reuters"


def agency(name: str) -> str | None:
    """Return the short name of the agency that a text names, and nothing else; None if it names none.

    Short names are written as agencies write them, all in capitals or in lower case: "AP", "dpa", not "Ap".
    """
    words = " ".join(name.split())
    found = NAMES.get(words.casefold())
    is_word = len(words) > SHORTEST_WORD or words.isupper() or words.islower()
    return found if is_word else None

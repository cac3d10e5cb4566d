"""The names of languages, as databases write them in English, German, French, Dutch and Spanish, and their codes."""

_NAMES = {
    "ar": "arabic arabisch arabe árabe",
    "ca": "catalan katalanisch catalaans catalán",
    "cs": "czech tschechisch tchèque tsjechisch checo",
    "da": "danish dänisch danois deens danés dansk",
    "de": "german deutsch allemand duits alemán",
    "el": "greek griechisch grec grieks griego",
    "en": "english englisch anglais engels inglés inglese",
    "es": "spanish spanisch espagnol spaans español",
    "fi": "finnish finnisch finnois fins finés",
    "fr": "french französisch français francais frans francés",
    "hu": "hungarian ungarisch hongrois hongaars húngaro",
    "it": "italian italienisch italien italiaans italiano",
    "ja": "japanese japanisch japonais japans japonés",
    "ko": "korean koreanisch coréen koreaans coreano",
    "nl": "dutch niederländisch néerlandais nederlands neerlandés",
    "no": "norwegian norwegisch norvégien noors noruego norsk",
    "pl": "polish polnisch polonais pools polaco",
    "pt": "portuguese portugiesisch portugais portugees portugués",
    "ro": "romanian rumänisch roumain roemeens rumano",
    "ru": "russian russisch russe ruso",
    "sv": "swedish schwedisch suédois zweeds sueco svenska",
    "tr": "turkish türkisch turc turks turco",
    "uk": "ukrainian ukrainisch ukrainien oekraïens ucraniano",
    "zh": "chinese chinesisch chinois chinees chino",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}


def code_of(language: str | None) -> str | None:
    """Return the code of a language, given by its name or its code ("GERMAN; DEUTSCH", "Français", "en"), or None."""
    words = (language or "").lower().replace(";", " ").replace("/", " ").replace(",", " ").split()
    return next((_CODES[word] for word in words if word in _CODES), words[0] if words and len(words[0]) <= 3 else None)


def is_language(line: str) -> bool:
    """True if a line is the name of a language, and nothing else."""
    words = line.lower().replace("-", " ").replace("(", " ").split()
    return 1 <= len(words) <= 3 and words[0] in _CODES

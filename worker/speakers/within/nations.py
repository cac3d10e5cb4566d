"""Countries and the words for them: "Iran" and "Iranian" are one country, "Austrian" and "Australian" are two.

All functions are pure.
"""

import re

# Each line: the name of a country, then its other names and the adjectives and nouns for its people.
_TABLE = """
afghanistan afghan
albania albanian
algeria algerian
angola angolan
argentina argentine argentinian
armenia armenian
australia australian
austria austrian
azerbaijan azerbaijani azeri
bahrain bahraini
bangladesh bangladeshi
belarus belarusian belarussian
belgium belgian
bolivia bolivian
bosnia bosnian
brazil brazilian
bulgaria bulgarian
cambodia cambodian
cameroon cameroonian
canada canadian
chile chilean
china chinese
colombia colombian
congo congolese
croatia croatian
cuba cuban
cyprus cypriot
czech czechia czech_republic
denmark danish
ecuador ecuadorian ecuadorean
egypt egyptian
eritrea eritrean
estonia estonian
ethiopia ethiopian
finland finnish
france french
georgia georgian
germany german
ghana ghanaian
greece greek
hungary hungarian
iceland icelandic
india indian
indonesia indonesian
iran iranian
iraq iraqi
ireland irish
israel israeli
italy italian
japan japanese
jordan jordanian
kazakhstan kazakh
kenya kenyan
kosovo kosovar
kuwait kuwaiti
kyrgyzstan kyrgyz
latvia latvian
lebanon lebanese
liberia liberian
libya libyan
lithuania lithuanian
malaysia malaysian
mali malian
malta maltese
mauritania mauritanian
mauritius mauritian
mexico mexican
moldova moldovan
mongolia mongolian
montenegro montenegrin
morocco moroccan
mozambique mozambican
myanmar burma burmese
nepal nepalese nepali
netherlands dutch
new_zealand
nicaragua nicaraguan
niger nigerien
nigeria nigerian
north_korea north_korean dprk
north_macedonia macedonia macedonian
norway norwegian
oman omani
pakistan pakistani
palestine palestinian
panama panamanian
paraguay paraguayan
peru peruvian
philippines philippine filipino
poland polish
portugal portuguese
qatar qatari
romania romanian
russia russian russian_federation
rwanda rwandan
saudi_arabia saudi saudi_arabian
scotland scottish
senegal senegalese
serbia serbian
singapore singaporean
slovakia slovak slovakian
slovenia slovenian slovene
somalia somali
south_africa south_african
south_korea south_korean
south_sudan south_sudanese
spain spanish
sri_lanka sri_lankan
sudan sudanese
sweden swedish
switzerland swiss
syria syrian
taiwan taiwanese
tajikistan tajik
tanzania tanzanian
thailand thai
tunisia tunisian
turkey turkish turkiye
turkmenistan turkmen
uganda ugandan
ukraine ukrainian
united_arab_emirates uae emirati
united_kingdom uk britain british great_britain
united_states us usa american america united_states_of_america
uruguay uruguayan
uzbekistan uzbek
venezuela venezuelan
vietnam vietnamese
wales welsh
yemen yemeni
zambia zambian
zimbabwe zimbabwean
"""
# For each people whose noun is not in the table above, the name of the country.
_PEOPLES = """
dane denmark, finn finland, pole poland, swede sweden, spaniard spain, turk turkey, scot scotland, scots scotland,
scotsman scotland, briton united_kingdom, serb serbia, croat croatia, argentine argentina, dutchman netherlands,
frenchman france, englishman england, english england, irishman ireland, welshman wales, kosovan kosovo, saudi
saudi_arabia
"""
_NATION_OF = {
    spelling.replace("_", " "): spellings[0]
    for spellings in (line.split() for line in _TABLE.split("\n") if line)
    for spelling in spellings
}
_PHRASES = re.compile(
    r"\b(" + "|".join(sorted((spelling for spelling in _NATION_OF if " " in spelling), key=len, reverse=True)) + r")\b"
)

NATIONS = frozenset(_NATION_OF.values())
"""The name of each country; the words of a name are joined by underscores."""

_COUNTRY_OF_PEOPLE = dict(pair.split() for pair in _PEOPLES.split(","))


def nation_of(word: str) -> str | None:
    """Return the name of the country that a word in lower case means: "norway" for "norwegian"; None if it is none."""
    return _NATION_OF.get(word) or _COUNTRY_OF_PEOPLE.get(word)


def name_nations(words: list[str]) -> list[str]:
    """Replace the words for a country by its name: ["south", "korean", "envoy"] becomes ["south_korea", "envoy"].

    The words must be in lower case.
    """
    phrases_named = _PHRASES.sub(lambda match: _NATION_OF[match.group()], " ".join(words))
    return [_NATION_OF.get(word, word) for word in phrases_named.split()]

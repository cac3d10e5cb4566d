"""The words of dates: months and weekdays of many languages, zones, and what else stands beside a date.

All words are as `plain` returns them: in lower case, and without accents.
"""

import unicodedata
from datetime import date, datetime, timedelta


def plain(text: str) -> str:
    """Return the text in lower case, without accents, and with one blank for all white space."""
    letters = unicodedata.normalize("NFKD", text[:1000]).casefold()
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


_MONTHS = (
    # English, German, French
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber mär apr mai jun jul aug sept okt nov dez",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mrz avr mai juin juil août sept oct nov déc",
    # Spanish, Italian, Dutch, Portuguese, Catalan, Romanian
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago setiembre oct nov dic",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    # Swedish, Danish, Norwegian, Finnish, Indonesian
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november desember",
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta"
    " marraskuuta joulukuuta",
    "januari pebruari maret april mei juni juli agustus september oktober november des",
    # Polish, Czech, Russian, Ukrainian, Turkish
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "ledna února března dubna května června července srpna září října listopadu prosince",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "янв фев мар апр май июн июл авг сент окт ноя дек",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
)
MONTHS = {plain(word): number for line in _MONTHS for number, word in enumerate(line.split(), 1)}

_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "mon tue wed thu fri sat sun",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunes martes miércoles jueves viernes sábado domingo",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "segunda terça quarta quinta sexta sábado domingo",
    "mandag tirsdag onsdag torsdag fredag lørdag søndag",
    "måndag tisdag onsdag torsdag fredag lördag söndag",
    "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "pondělí úterý středa čtvrtek pátek sobota neděle",
    "понедельник вторник среда четверг пятница суббота воскресенье",
)
WEEKDAYS = {plain(word): number for line in _WEEKDAYS for number, word in enumerate(line.split())}
_SHORT_WEEKDAYS = (
    "tues weds thur thurs sonnabend mo di mi do fr sa so lun mar mer jeu ven sam dim mie jue vie sab dom gio"
    " ma wo vr za zo feira seg ter qua qui sex man tir tis ons tor fre lor son pon wt sr czw pt nd пн вт ср чт пт сб вс"
)
_BESIDE = (
    "at on the of t um am den der vom le la a h hs hr hrs hours uhr kl klo ore alle ora il el las los de del dell du d"
    " op om i o g r rok roku в г года году v ve dne as horas min local time date dated datum data fecha дата first"
    " published publication publish posted created issued released online on-line print edition veröffentlicht"
    " erstellt erschienen publiziert gepostet publié publiée paru mis en ligne publicado publicada pubblicato"
    " gepubliceerd geplaatst publicerad publicerat publiceret udgivet publisert opublikowano dodano publikováno"
    " vydáno опубликовано yayınlanma tarihi"
)
BESIDE = frozenset(
    {*WEEKDAYS, *plain(_SHORT_WEEKDAYS + " " + _BESIDE).split()} | {plain(word) for word in _BESIDE.split()}
)
"""Words that may stand beside a date. Any other word makes it unclear what the date says."""
_CHANGED = (
    "updated update modified edited revised corrected aktualisiert aktualisierung geändert bearbeitet stand"
    " actualizado actualización modificado actualisé modifié aggiornato bijgewerkt aangepast atualizado"
    " zaktualizowano aktualizacja uppdaterad opdateret oppdatert aktualizováno обновлено изменено güncelleme"
)
CHANGED_WORDS = frozenset({*map(plain, _CHANGED.split()), "mis a jour"})
"""Words before the date of a change, which is not the date of publication."""

_OFFSETS = """
    +0000 z utc gmt ut wet uct
    +0100 cet met mez bst west wat
    +0200 cest mest mesz eet oez sast cat
    +0300 eest oesz msk trt eat
    +0400 gst
    +0500 pkt
    +0530 ist
    +0545 npt
    +0700 ict wib
    +0800 hkt sgt awst myt pht
    +0900 jst kst
    +0930 acst
    +1000 aest
    +1030 acdt
    +1100 aedt
    +1200 nzst
    +1300 nzdt
    -0230 ndt
    -0300 adt brt art
    -0330 nst
    -0400 edt ast
    -0500 est cdt
    -0600 cst mdt
    -0700 mst pdt
    -0800 pst akdt
    -0900 akst
    -1000 hst
"""


def _minutes(offset: str) -> int:
    """Return the minutes east of UTC of an offset such as "+0530"."""
    return int(offset[0] + "1") * (60 * int(offset[1:3]) + int(offset[3:]))


ZONES = {name: _minutes(offset) for offset, *names in map(str.split, _OFFSETS.strip().splitlines()) for name in names}
"""BST is British, CST central American and IST Indian time, unless the locale says otherwise."""
OTHERWISE = {("ist", "ie"): 60, ("ist", "il"): 120, ("cst", "cn"): 480, ("cst", "tw"): 480}
AMERICAN = {"et": -300, "ct": -360, "mt": -420, "pt": -480}
"""Names of zones in America that do not say whether it is summer."""


def offset_of(zone: str, moment: datetime, locale: str | None) -> timedelta | None:
    """Return the offset of a zone from its name, such as "cest"; None if it is not known."""
    region = plain(locale or "").replace("_", "-").rpartition("-")[2]
    minutes = OTHERWISE.get((zone, region), ZONES.get(zone))
    if zone in AMERICAN:
        minutes = AMERICAN[zone] + 60 * _is_american_summer(moment)
    return None if minutes is None else timedelta(minutes=minutes)


def _is_american_summer(moment: datetime) -> bool:
    """True from the second Sunday of March to the first Sunday of November, as since 2007."""
    march, november = date(moment.year, 3, 1), date(moment.year, 11, 1)
    begin = march + timedelta(days=7 + (6 - march.weekday()) % 7)
    return begin <= moment.date() < november + timedelta(days=(6 - november.weekday()) % 7)


MONTH_FIRST = frozenset(("us", "ph", "pr", "gu", "vi", "as", "mp"))
"""Regions that write the month before the day."""


def is_day_first(locale: str | None) -> bool | None:
    """True if a locale such as "en-GB" writes 5/4 for the fifth of April, False if for the fourth of May; else None.

    English without a region says nothing, since both orders are usual; nor does Canada.
    """
    parts = [part for part in plain(locale or "").replace("_", "-").partition(".")[0].split("-") if part]
    if not parts or not parts[0].isalpha() or len(parts[0]) > 3:
        return None
    regions = [part for part in parts[1:] if len(part) == 2]
    if regions and regions[-1] in MONTH_FIRST:
        return False
    if parts[0] in ("en", "eng") and (not regions or regions[-1] == "ca"):
        return None
    return True

"""Given names and surnames of many countries: evidence that words are a person's name, and for the person's gender.

The lists hold the given names and the 8,000 most frequent surnames of the United States' census of 1990, and those of
thirty other countries as the library Faker has them; all in lower case, without accents. The list of bodies was
written by hand: names that look like those of people, or that articles seldom explain.
"""

from functools import cache
from importlib.resources import files

from worker.speakers.within.wordlists import word_set


@cache
def listed_names(name: str) -> frozenset[str]:
    """Return the words of the list `lists/NAME.txt`."""
    return frozenset((files("worker.speakers.within") / "lists" / f"{name}.txt").read_text(encoding="utf-8").split())


@cache
def given_names() -> frozenset[str]:
    """Return all listed given names, without "us", which is a country wherever it has a capital."""
    listed = listed_names("given_names_women") | listed_names("given_names_men") | listed_names("given_names_either")
    return listed - {"us"}


def is_given_name(word: str) -> bool:
    """True if a plain word is a listed given name, or is made of two of them: "jean-michel"."""
    return word in given_names() or ("-" in word and all(part in given_names() for part in word.split("-")))


def is_well_known_body(words: tuple[str, ...]) -> bool:
    """True if plain words are the whole name of a body that everybody knows: "xinhua", "de beers"."""
    return "_".join(words) in listed_names("bodies")


def is_surname(word: str) -> bool:
    """True if a plain word is a listed surname."""
    return word in listed_names("surnames")


def given_name_gender(word: str) -> str | None:
    """Return the gender, "f" or "m", of a plain given name; None if it is not listed or both women and men have it.

    Of a double name the last part decides: Jean-Marie is a man's name, but Anne-Marie a woman's.
    """
    for part in (word, *word.split("-")[:1]):
        if part in listed_names("given_names_women"):
            return "f"
        if part in listed_names("given_names_men"):
            return "m"
    return None


FAMILY_FIRST = word_set(
    """
    an bae bui dang dao doan duong ly vuong
    bai bao bi bian bo bu cai cao cen chai chan chang chen cheng cheung chi chiang chin cho choe choi chong chou
    chow chu chua chui chun chung cui dai deng ding dinh dong dou du duan fan fang fei feng fu fung gao ge geng gong
    gu guan guo ha hai han hang hao he heo ho hoang hong hou hsiao hsieh hsu hu hua huang hui huo huynh im jang ji jia
    jiang jiao jin jing ju jung kang kao ke kim ko kong koo kuang kung kuo kwak kwok kwon lai lam lan lau le lee lei
    leung li lian liang liao lim lin ling liu lo lou lu luo luong lv ma mai man mao mei meng miao min mo mok moon mu
    na nam nan ngo nguyen ni nie ning noh oh ou ouyang pak pan pang park pei peng pham phan pi ping pu qi qian qiao
    qin qiu qu quan rao ren rhee rim roh rong ru ruan ryu seo sha shao shen sheng shi shih shin shu si sim sima situ
    so soh son song su sui sun sung suh sze tai tam tan tang tao teng teo tian tien tong tran trinh truong tsai tsang
    tse tseng tu tung vo vu wan wang wei wen weng won wong woo wu xi xia xiang xiao xie xin xing xiong xu xue yan yang
    yao ye yeh yeung yi yim yin ying yip yoo yoon you yu yuan yue yun zang zeng zhai zhan zhang zhao zheng zhong zhou
    zhu zhuang zong zou zu zuo
    """
)
"""Chinese, Korean and Vietnamese family names, which stand before the given name."""


VIETNAMESE_SECOND = word_set("thi van duc huu minh xuan ngoc thanh quoc cong kim dinh the ba trong")
"""Words behind the family name of a Vietnamese, who may have four words in the name: "Doan Thi My Hanh"."""


def is_family_first(words: tuple[str, ...]) -> bool:
    """True if plain words can be a name that begins with the family name: "Wang Guangmei", "Kim Young-sam"."""
    if len(words) < 2 or words[0] not in FAMILY_FIRST or not all(len(word) > 1 for word in words[1:]):
        return False
    return len(words) <= (4 if words[1] in VIETNAMESE_SECOND else 3)

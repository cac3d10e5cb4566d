"""Given names that one person may have: short forms, and forms in other languages.

A short form may stand for several names ("Alex"); then it belongs to each of these names. The table is our own, because
the library `nameparser` has titles and suffixes, but no short forms. All functions are pure.
"""

from worker.speakers.across.folding import fold

# Each line: a given name, then its short forms and its forms in other languages.
_TABLE = """
abigail abby gail
albert al bert
alexander alex alec sandy sasha aleksandr oleksandr alejandro alessandro alexandre aliaksandr
alexandra alex sandra sasha
alexei oleksiy alexis
alfred al fred freddie
allan alan allen
andrew andy drew andrei andriy andrey andreas andrzej andrej andre
ann anne anna annie
anthony tony antony antonio anton
arthur art
barbara barb babs
benjamin ben benny binyamin
bernard bernie
catherine kate katie kathy cathy katherine kathryn katharine cath
charles charlie chuck carlos karl carl
christina tina chris kristina christine
christopher chris kit
clifford cliff
constantine kostas konstantin konstantinos costas
cynthia cindy
daniel dan danny
david dave davey
deborah debbie deb debra
demetrius dimitris dmitri dmytro dimitri dimitrios
dennis denis denys
donald don donnie
dorothy dot dottie
douglas doug
edward ed eddie ted ned
elizabeth liz beth betsy betty eliza lizzie elisabeth
emmanuel manny manuel
eric erik erick
eugene gene yevgeny yevhen
florence flo
francis frank fran francisco
frederick fred freddie freddy frederic
gabriel gabe
geoffrey jeff geoff jeffrey
george giorgos yorgos georgios jorge jerzy
gerald jerry gerry gerard
giannis yannis ioannis john
gregory greg grigory hryhoriy
harold harry hal
henry harry hank enrique
igor ihor
isaac ike itzhak yitzhak
jacob jake jack
james jim jimmy jamie jaime
jennifer jen jenny
jessica jess jessie
john jack johnny jon ivan johan johannes juan
jonathan jon john nathan jonny
joseph joe joey josef jose giuseppe yosef
joshua josh
julia yulia yuliya
kenneth ken kenny
kimberly kim
lawrence larry laurence
leonard len lenny leo leonid
lewis lou louis luis
lucas luke lukas
luis luiz
margaret maggie meg peggy margie
mark marc marco
martha marta
matthew matt mathew
maximilian max
melvin mel
michael mike mick mickey mikhail mykhailo michal michel miguel mikael
mitchell mitch
natalia natalya nataliya natasha
nathaniel nate nathan nat
nicholas nick nicky nikolai mykola nicolas nikos nikolas
oleg oleh
pamela pam
patricia pat patty tricia trish
patrick pat paddy
paul pavel pavlo pablo
peter pete petro pyotr pedro petr
philip phil phillip
raymond ray
rebecca becky becca
richard dick rick rich richie ricky
robert bob bobby rob robbie bert roberto
ronald ron ronnie
russell russ
samuel sam sammy
sandra sandy
sergei serhiy serhii sergiy siarhei sergio
sidney sid syd sydney
stanley stan
stephen steve steven stefan stephan
susan sue susie suzanne
suleiman soliman
theodore ted teddy theo
thomas tom tommy
timothy tim timmy
valentine val
victor viktor vic
victoria vicky vicki tori
vincent vince vinny
vladimir volodymyr uladzimir
walter walt wally
wendell wendy
william bill billy will willie guillermo
yuri yuriy iurii
zachary zach zack
"""


def _read_table() -> dict[str, frozenset[str]]:
    full_names: dict[str, set[str]] = {}
    for line in _TABLE.split("\n"):
        for name in line.split():
            full_names.setdefault(fold(name), set()).add(fold(line.split()[0]))
    return {name: frozenset(heads) for name, heads in full_names.items()}


_FULL_NAMES = _read_table()


def full_given_names(given: str) -> frozenset[str]:
    """Return the full names (folded) that a folded given name may stand for; empty if the table does not list it."""
    return _FULL_NAMES.get(given, frozenset())


def may_be_one_given_name(given: str, other: str) -> bool:
    """True if two folded given names may stand for the same name: "Bill", "William"; "Vladimir", "Volodymyr"."""
    return bool(full_given_names(given) & full_given_names(other))

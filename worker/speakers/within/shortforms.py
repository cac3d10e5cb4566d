"""Short forms of given names: an article may write "Andrew Grove" and "Andy Grove" of one person."""

_TABLE = """
abigail abby gail; albert al bert; alexander alex alec sandy; alexandra alex sandra; alfred al alf fred; andrew andy
drew; anthony tony; arthur art; barbara barb babs; benjamin ben benny; bernard bernie; catherine cathy kate katie;
katherine kathy kate katie; charles charlie chuck; christina chris tina; christopher chris kit; clifford cliff;
cynthia cindy; daniel dan danny; david dave; deborah deb debbie; dennis denny; donald don donnie; dorothy dot dottie;
douglas doug; edward ed eddie ted ned; elizabeth liz lizzie beth betsy betty; eugene gene; francis frank; franklin
frank; frederick fred freddie; gabriel gabe; geoffrey geoff; gerald gerry jerry; gregory greg; harold harry hal; henry
harry hank; jacob jake; james jim jimmy jamie; jeffrey jeff; jennifer jen jenny; jessica jess jessie; john jack johnny
jon; jonathan jon; joseph joe joey; joshua josh; judith judy; kenneth ken kenny; kimberly kim; lawrence larry; leonard
len lenny; margaret maggie meg peggy; martin marty; matthew matt; maximilian max; melvin mel; michael mike mick mickey;
mitchell mitch; nathaniel nate nathan nat; nicholas nick nicky; pamela pam; patricia pat patty tricia; patrick pat
paddy; peter pete; philip phil; phillip phil; raymond ray; rebecca becky; richard dick rick rich richie ricky; robert
bob bobby rob robbie; ronald ron ronnie; russell russ; samuel sam sammy; stanley stan; stephen steve; steven steve;
susan sue susie; sydney syd; theodore ted teddy; thomas tom tommy; timothy tim; victor vic; victoria vicky; vincent
vince; walter walt wally; william bill billy will willie; zachary zach zack
"""


def _full_names() -> dict[str, frozenset[str]]:
    """Return the full names that each name of the table may stand for; a full name also stands for itself."""
    names: dict[str, set[str]] = {}
    for row in _TABLE.split(";"):
        full, *short = row.split()
        for name in (full, *short):
            names.setdefault(name, set()).add(full)
    return {name: frozenset(full) for name, full in names.items()}


_FULL_NAMES = _full_names()


def may_be_one_given_name(first: str, second: str) -> bool:
    """True if two plain given names may stand for one full name: "andy" and "andrew"."""
    return not _FULL_NAMES.get(first, frozenset()).isdisjoint(_FULL_NAMES.get(second, frozenset()))

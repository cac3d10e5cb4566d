"""Given names that one person may have: short forms, and forms in other languages.

An article may write "Andrew Grove" and "Andy Grove" of one person, and two articles "Andrei" and "Andrew". A short form
may stand for several names ("Alex"); then it belongs to each of them. The table is our own, because the library
nameparser has titles and suffixes, but no short forms.
"""

_TABLE = """
abigail abby gail; albert al bert; alexander alex alec sandy / sasha aleksandr oleksandr alejandro alessandro
alexandre aliaksandr; alexandra alex sandra / sasha; alexei / oleksiy alexis; alfred al alf fred / freddie; allan /
alan allen; andrew andy drew / andrei andriy andrey andreas andrzej andrej andre; ann / anne anna annie; anthony tony
/ antony antonio anton; arthur art; barbara barb babs; benjamin ben benny / binyamin; bernard bernie; catherine cathy
kate katie katherine kathy / kathryn katharine cath; charles charlie chuck / carlos karl carl; christina chris tina /
kristina christine; christopher chris kit; clifford cliff; constantine / kostas konstantin konstantinos costas;
cynthia cindy; daniel dan danny; david dave / davey; deborah deb debbie / debra; demetrius / dimitris dmitri dmytro
dimitri dimitrios; dennis denny / denis denys; donald don donnie; dorothy dot dottie; douglas doug; edward ed eddie
ted ned; elizabeth liz lizzie beth betsy betty / eliza elisabeth; emmanuel / manny manuel; eric / erik erick; eugene
gene / yevgeny yevhen; florence / flo; francis frank / fran francisco; franklin frank; frederick fred freddie / freddy
frederic; gabriel gabe; geoffrey geoff jeffrey jeff; george / giorgos yorgos georgios jorge jerzy; gerald gerry jerry
/ gerard; giannis / yannis ioannis john; gregory greg / grigory hryhoriy; harold harry hal; henry harry hank /
enrique; igor / ihor; isaac / ike itzhak yitzhak; jacob jake / jack; james jim jimmy jamie / jaime; jennifer jen
jenny; jessica jess jessie; john jack johnny jon / ivan johan johannes juan; jonathan jon / john nathan jonny; joseph
joe joey / josef jose giuseppe yosef; joshua josh; judith judy; julia / yulia yuliya; kenneth ken kenny; kimberly kim;
lawrence larry / laurence; leonard len lenny / leo leonid; lewis / lou louis luis; lucas / luke lukas; luis / luiz;
margaret maggie meg peggy / margie; mark / marc marco; martha / marta; martin marty; matthew matt / mathew; maximilian
max; melvin mel; michael mike mick mickey / mikhail mykhailo michal michel miguel mikael; mitchell mitch; natalia /
natalya nataliya natasha; nathaniel nate nathan nat; nicholas nick nicky / nikolai mykola nicolas nikos nikolas; oleg
/ oleh; pamela pam; patricia pat patty tricia / trish; patrick pat paddy; paul / pavel pavlo pablo; peter pete / petro
pyotr pedro petr; philip phil phillip; raymond ray; rebecca becky / becca; richard dick rick rich richie ricky; robert
bob bobby rob robbie / bert roberto; ronald ron ronnie; russell russ; samuel sam sammy; sandra / sandy; sergei /
serhiy serhii sergiy siarhei sergio; sidney sydney syd / sid; stanley stan; stephen steve steven / stefan stephan;
suleiman / soliman; susan sue susie / suzanne; theodore ted teddy / theo; thomas tom tommy; timothy tim / timmy;
valentine / val; victor vic / viktor; victoria vicky / vicki tori; vincent vince / vinny; vladimir / volodymyr
uladzimir; walter walt wally; wendell / wendy; william bill billy will willie / guillermo; yuri / yuriy iurii; zachary
zach zack
"""
"""Rows: a name and its short forms; behind a stroke, rarer short forms, and its forms in other languages."""

_ROWS = [[part.split() for part in row.split("/")] for row in _TABLE.split(";")]


def _full_names(rows: list[list[str]]) -> dict[str, frozenset[str]]:
    """Return the full names that each name of the rows may stand for; a full name also stands for itself."""
    names: dict[str, set[str]] = {}
    for row in rows:
        for name in row:
            names.setdefault(name, set()).add(row[0])
    return {name: frozenset(full) for name, full in names.items()}


_IN_ONE_ARTICLE = _full_names([row[0] for row in _ROWS])
IN_ALL_FORMS = _full_names([[name for part in row for name in part] for row in _ROWS])
"""For each plain given name, the full names that it may stand for in one language or another."""


def may_be_one_given_name(first: str, second: str) -> bool:
    """True if two plain given names may stand for one full name in one article: "andy" and "andrew"."""
    return not _IN_ONE_ARTICLE.get(first, frozenset()).isdisjoint(_IN_ONE_ARTICLE.get(second, frozenset()))

"""The control words of RTF 1.9.1 that matter to its text."""

# Groups whose content is no text of the document. Groups that begin with `\\*` are left out as well, known or not.
UNREAD = frozenset((
    "annotation", "atnauthor", "atnid", "atnicn", "bkmkend", "bkmkstart", "colortbl", "datafield", "filetbl", "fldinst",
    "footer", "footerf", "footerl", "footerr", "footnote", "ftncn", "ftnsep", "ftnsepc", "aftncn", "aftnsep",
    "aftnsepc", "generator", "header", "headerf", "headerl", "headerr", "latentstyles", "listoverridetable",
    "listtable", "nonshppict", "objalias", "objclass", "objdata", "objname", "objsect", "pict", "private", "revtbl",
    "rsidtbl", "rxe", "shpinst", "shppict", "shprslt", "shptxt", "sn", "sp", "sv", "tc", "template", "themedata", "txe",
    "userprops", "xe", "xmlnstbl", "xmlattrname", "xmlattrvalue", "nonesttables",
))  # fmt: skip
BULLETS = frozenset(("listtext", "pntext"))  # the mark of an item, as other programs are to show it
CHARACTERS = {
    "line": "\n", "softline": "\n", "tab": "\t", "emdash": "—", "endash": "–", "emspace": "\u2003",
    "enspace": "\u2002", "qmspace": "\u2005", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "zwj": "\u200d", "zwnj": "\u200c", "zwbo": "", "zwnbo": "",
}  # fmt: skip
SYMBOLS = {b"~": "\N{NO-BREAK SPACE}", b"_": "\N{NON-BREAKING HYPHEN}", b"-": "", b"{": "{", b"}": "}", b"\\": "\\"}
PARAGRAPH_ENDS = frozenset(("par", "sect", "page", "column", "pagebb"))
CODECS_OF_CHARSETS = {  # the codec of each `\\fcharset`; others have that of the document
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850", 0: "cp1252",
}  # fmt: skip
DOCUMENT_CODECS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}

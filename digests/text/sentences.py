"""Cuts plain text into sentences, in English, Russian, Ukrainian and Chinese; where unsure it does not cut."""

import re

_END = re.compile(
    r"""(?<=[^\s.!?…])                # something was said
        (?P<mark>[.!?…]+)             # and ends
        (?P<close>["'”’»)\]]*)        # closers stay with it
        (?P<space>\s+)
        (?=["'“‘«„(\[]*[^\W_])        # and something else begins
      | (?P<wide>[。！？]+[”’」』）]*)  # Chinese leaves no space
    """,
    re.VERBOSE,
)
_WIDE_END = re.compile(r"[。！？]+[”’」』）]*$")
_LAST_WORD = re.compile(r"[^\s\"'“‘«„(\[]+$")
_NEXT_WORD = re.compile(r"[\"'“‘«„(\[]*(?P<word>[\w’'-]+)")

# Never the end of a sentence: what they belong to follows.
_BEFORE_A_NAME_WORDS = """
    adm amb brig capt cmdr col cpl dr fr gen gov hon lt maj messrs mr mrs ms mt msgr ofc pfc pres prof pvt rep reps
    rev sec sen sens sgt spc ste supt fig vs no nos approx ca cf est al viz
    акад ген гр д др ім им кв м обл п пл пр проф стр т ул вул см тов ст св о
"""
# The end only where the next word opens a sentence, by being a word that seldom has a capital elsewhere.
_ABBREVIATED_WORDS = """
    co corp inc ltd jr sr bros dept univ ave blvd st rd etc jan feb mar apr jun jul aug sep sept oct nov dec
    mon tue tues wed thu thur thurs fri sat sun тыс тис млн млрд трлн руб грн коп г гг р рр
"""
_OPENERS_WORDS = """
    a about according after all also although although an and another any are as at back before both but by despite
    during each earlier even following for four from he her his however i if in instead is it its last later many
    meanwhile more most moreover much nearly neither no not now of officials on once one only or other our over police
    several she since so some still such ten that the their then there these they this those three though thus to two
    under until we what when where whether while who why with yet you your
    а без бы в во все да для до его если за и из или их к как кроме ли между мы на над не но о об однако он она они от
    по под после при ранее с со также то того у что эта эти это этот я
    але в він вони за з із й на не однак під після про проте та також тому у це цей ця ці що як
"""
_BEFORE_A_NAME = frozenset(_BEFORE_A_NAME_WORDS.split())
_ABBREVIATED = frozenset(_ABBREVIATED_WORDS.split())
_OPENERS = frozenset(_OPENERS_WORDS.split())
_MARKS = tuple(
    re.compile(pattern, re.VERBOSE)
    for pattern in (
        r"""(?P<opens>[«„]|(?<![^\s(\[—–-])[“"](?=\S)) | [»”]|(?<=\S)[“"]""",
        r"""(?P<opens>(?<![^\s(\[“"—–-])[‘'](?=[^\W\d_])) | (?<=[^\s(])[’'](?![^\W_])""",  # an apostrophe may close one
    )
)
_PAIRS = (("“", "”"), ("«", "»"), ("„", "“”"), ("(", ")"), ("[", "]"))
_LONGEST_QUOTATION = 4  # sentences; past that the mark was never closed


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text` in order, each trimmed; together they hold every word of it. Quotations stay whole."""
    pieces: list[str] = []
    for paragraph in re.split(r"\s*\n\s*\n\s*", text):
        pieces.extend(_whole_quotations(_pieces(paragraph)))
    return tuple(pieces)


def balanced(text: str) -> bool:
    """Whether every quotation and bracket that opens in `text` closes in it."""
    if text.count('"') % 2:
        return False
    return all(text.count(opening) <= sum(map(text.count, closing)) for opening, closing in _PAIRS)


def quotation_open(text: str) -> bool:
    """Whether a quotation stands open at the end of `text`, in marks that tell by their place what they do."""
    return any(_left_open(marks, text) for marks in _MARKS)


def _left_open(marks: re.Pattern[str], text: str) -> bool:
    inside = False
    for mark in marks.finditer(text):
        inside = mark["opens"] is not None
    return inside


def _pieces(paragraph: str) -> list[str]:
    found = []
    start = 0
    for end in _END.finditer(paragraph):
        if end["wide"] is None and not _ends(paragraph, end):
            continue
        found.append(paragraph[start : end.end()].strip())
        start = end.end()
    found.append(paragraph[start:].strip())
    return [piece for piece in found if piece]


def _ends(paragraph: str, end: re.Match[str]) -> bool:
    following = _NEXT_WORD.match(paragraph, end.end())
    word = following["word"] if following else ""
    if word[:1].islower() and word.islower():  # not "xAI" and "iPhone"
        return False
    if end["mark"] != "." or end["close"]:
        return True
    before = _LAST_WORD.search(paragraph, 0, end.start())
    last = before[0] if before else ""
    if last.casefold() in _BEFORE_A_NAME:
        return False
    if last.casefold() in _ABBREVIATED or "." in last or (len(last) == 1 and last.isalpha()):
        return word.casefold() in _OPENERS
    return True


def _spaced(piece: str) -> str:
    """With the space that follows it, which Chinese does not leave."""
    return piece if _WIDE_END.search(piece) else f"{piece} "


def _whole_quotations(pieces: list[str]) -> list[str]:
    """Join pieces that a cut inside a quotation tore apart; a mark that is never closed tears nothing."""
    whole: list[str] = []
    at = 0
    while at < len(pieces):
        upto = at + 1
        if not balanced(pieces[at]):
            for length in range(2, _LONGEST_QUOTATION + 1):
                if at + length <= len(pieces) and balanced(" ".join(pieces[at : at + length])):
                    upto = at + length
                    break
        whole.append("".join(map(_spaced, pieces[at:upto])).strip())
        at = upto
    return whole

"""Shortens a sentence by leaving words out, never one that bears on what is claimed, by whom, when or how surely."""

import re

from digests.text.sentences import balanced

# No deletion may hold one of these: negation, condition, modality, claim and denial, quotation, figures and times.
_BEARS = re.compile(
    r"""["“”„«»‘]|\d|’\s|\b(?:
      no|not|never|none|nor|neither|without|cannot|\w+n[’']t|barely|hardly|only|unless|if|whether|although|though|despite|because|
      except|until|till|while|when|after|before|since|during|once|may|might|could|would|should|ought|must|can|ha(?:ve|s|d)\sto|needs?|needed|will|shall|likely|possibl[ey]|probabl[ey]|
      perhaps|apparent(?:ly)?|alleged(?:ly)?|alleg\w+|report(?:ed(?:ly)?|s|ing|edly)?|suspect\w*|suppos\w+|purport\w+|claim\w*|den(?:y|ies|ied|ying)|
      accus\w+|said|says?|saying|told|according|believ\w+|think\w*|thought|expect\w*|fear\w*|warn\w*|threat\w*|propos\w+|plan\w*|vow\w*|
      former|then|ex|acting|interim|would-be|so-called|disput\w+|contest\w+|reject\w*|refus\w+|fail\w*|unconfirmed|unverified|
      today|tonight|yesterday|tomorrow|year|years|month|months|week|weeks|day|days|hour|hours|ago|last|next|now|already|yet|still|
      (?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|november|december|
      killed|dead|died|convicted|sentenced|resigned|jailed)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_STRAY = re.compile(r"^[;:,.·•▪►»–—-]+\s*(?=[^\W\d]|[“\"‘«])")
_BYLINE = re.compile(
    r"^By\s+(?:[A-Z][\w.'’-]+\s+){1,3}[A-Z][\w'’-]+(?:(?:,|\s+and)\s+(?:[A-Z][\w.'’-]+\s+){1,3}[A-Z][\w'’-]+)*,?\s+(?=[A-Z]{3,}[\s,(])"
)
_AGENCY = r"(?:[Rr]euters|REUTERS|AP|AFP|UPI|CNN|BBC|DW|AA|ANI|PTI|TASS|Xinhua|XINHUA|Interfax|Sputnik|Bloomberg|Ukrinform|UNB|IRNA)"
_DATELINE = re.compile(
    rf"""^(?!(?:NATO|OPEC|ASEAN|BRICS|IAEA|AUKUS|UNESCO|UNICEF|USAID|FILE)\b)(?:
      (?=[A-Z\u0410-\u042f’'.]{{4}}|[A-Z]\w*\.?\s[A-Z]{{3}})[A-Z\u0410-\u042f][A-Z\u0410-\u042f.'’ /-]{{2,30}}(?:,\s[\w.’' ]{{2,25}}){{0,2}}\s*      # ANKARA, Turkey, Feb. 4
      (?:\({_AGENCY}[^)]{{0,20}}\)\s*|/{_AGENCY}/\.?\s*)?(?:—|–|--|-(?=\s)|(?<=[\s)/])-)-?\s*
    | [A-Z\u0410-\u042f][A-Z\u0410-\u042f'’ -]{{2,30}}(?:,\s[\w.’' ]{{2,25}}){{0,2}}\s*/{_AGENCY}/\.?\s+      # MOSCOW, February 4. /TASS/.
    | (?:[A-Z][\w.’'-]+\s?(?:[A-Z][\w.’'-]+\s?){{0,2}}(?:,\s[A-Z][\w.’' -]{{2,20}})?\s)?\({_AGENCY}\)\s*(?:—|–|-)*\s*  # Seoul, South Korea (CNN)
    )(?=["“«‘]?[A-Z\u0410-\u042f])""",
    re.VERBOSE,
)
# In brackets, and no more than a label: a party and its state, the short form of the name before, a picture's note.
_LABEL = re.compile(
    r"(?<=\w)\s+\((?:[DRI]-[A-Z][\w.\s]{1,14}|pictured(?:\s\w+)?|file\s(?:photo|image)|(?:NYSE|NASDAQ|LSE)\s?:\s?[A-Z.]+)\)",
)
_SHORT_FORM = re.compile(rf"(?<=\w)\s+\((?!{_AGENCY}\))(?P<short>[A-Z][A-Za-z]{{0,3}}[A-Z]{{1,6}})\)(?=[\s,.;])")
_PARTY = re.compile(
    r"^(?P<of>[^,]*[a-z]),\s[DR]-[A-Z][\w.]{1,6}(?:\s[A-Z][a-z]+\.?)?,(?=\s(?!who\b|whose\b|and\b|of\b)[a-z]+(?:ed|s|id|ld|ot|as)\b)"
)
_AGE = re.compile(r"^(?P<of>[^,]*[a-z]),\s[1-9]\d,(?=\s(?:said|says|told|was|is|has|had)\b)")
_RELATIVE = re.compile(
    r"^(?P<of>(?:[A-Z][\w.’'-]*\s){0,6}[A-Z][\w’'-]+),\s(?:who|which)\s(?P<clause>[^,;:()—–-]{6,90}),"
    r"(?=\s(?:said|says|told|wrote|added|has|had|is|was|will|would|were|are|have|announced|called|met|visited|arrived|signed|held|urged|"
    r"ordered|asked|agreed|began)\b)"
)
_OPENER = re.compile(
    r"^(?:meanwhile|separately|in\saddition|additionally|moreover|furthermore|besides)(?:\s*,\s+)(?=\w)",
    re.IGNORECASE,
)


def compress(sentence: str, outlet: str) -> str:
    """The sentence without bylines, datelines, labels in brackets, safe relative clauses, and its own outlet's name.

    What is left is in its order, and of the sentence's own words; only the first letter may have become a capital.
    `outlet` will be named beside it.
    """
    text = _DATELINE.sub("", _BYLINE.sub("", _STRAY.sub("", sentence.strip())))
    text = _own_name(outlet).sub(r"\g<end>", text)
    text = _LABEL.sub(_unless_quoted, text)
    text = _SHORT_FORM.sub(_unless_used, text)
    text = _AGE.sub(r"\g<of>", _PARTY.sub(r"\g<of>", text))
    text = _RELATIVE.sub(_unless_bearing, text)
    text = _OPENER.sub("", text)
    return text[:1].upper() + text[1:] if sentence.strip()[:1].isupper() else text


def _own_name(outlet: str) -> re.Pattern[str]:
    """The words at a sentence's end that say no more than that this outlet reports it."""
    name = re.escape(outlet)
    return re.compile(
        rf",\s(?:{name}\s(?:reports|reported|writes|wrote|has\sreported|news\sagency\sreported)|(?:as\s)?reported\sby\s{name}|"
        rf"according\sto\s(?:a\sreport\s(?:by|from)\s)?{name}|reports\s{name})(?P<end>[.]?)$"
    )


def _unless_quoted(found: re.Match[str]) -> str:
    """What somebody said in quotation marks stays word for word."""
    return "" if balanced(found.string[: found.start()]) else found[0]


def _unless_used(found: re.Match[str]) -> str:
    """A short form may go where it stands for the words before it, and the sentence does not come back to it."""
    short, before = found["short"], found.string[: found.start()]
    initials = "".join(word[0] for word in re.findall(r"\w+", before)[-8:]).casefold()
    spelt = sum(letter in initials for letter in short.casefold()) * 3 >= len(short) * 2
    used = len(re.findall(rf"\b{re.escape(short)}\b", found.string)) > 1
    return _unless_quoted(found) if spelt and not used else found[0]


def _unless_bearing(found: re.Match[str]) -> str:
    return found[0] if _BEARS.search(found["clause"]) else found["of"]

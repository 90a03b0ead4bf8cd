"""Dates that lie ahead of a text, worked out from the day on which it was published. Pure; where in doubt, none.

A date counts as ahead only where the words near it in its clause say so ("will", "expires", "состоится", "将"), or it can
mean nothing else ("the day after tomorrow"). dateparser was tried in its place: it takes "they may" for May, "said on Thursday"
for the Thursday to come, "Feb. 4-5" for February of the next year and April, and loses "first half".
"""

import calendar
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

FARTHEST = timedelta(days=3 * 366)
_NO_YEAR = timedelta(days=200)  # a day without a year that is farther ahead than this is rather one of last year
_REACH = 9  # words looked at before a date, and after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A day or a stretch of days, `first` to `last`, named in text[start:end]; vague ones are the stretch they mean."""

    first: date
    last: date
    start: int
    end: int


def ahead(text: str, published: date) -> tuple[Ahead, ...]:
    """The dates of a sentence that are not over on the day after `published`, in the order of the text.

    `published` is the outlet's local day. None where the words leave a doubt: what was said on Thursday, the day of an
    anniversary, "next Thursday", "next week" on a Sunday, any date with no word of what is to come.
    """
    found: list[Ahead] = []
    for pattern, resolve, certain in _RULES:
        for match in pattern.finditer(text):
            try:
                span = resolve(match, published)
            except ValueError:  # 31 February
                continue
            if span is None or not published < span[1] <= published + FARTHEST or span[0] > span[1]:
                continue
            if certain(match) or _to_come(text, match.start(), match.end()):
                found.append(Ahead(first=span[0], last=span[1], start=match.start(), end=match.end()))
    longest = sorted(found, key=lambda each: (each.start - each.end, each.start))
    kept: list[Ahead] = []
    for each in longest:
        if all(each.end <= other.start or each.start >= other.end for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda each: each.start))


# What may stand for a date -------------------------------------------------------------------------------------------

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan января январе январь января січня січні", "february feb февраля феврале февраль лютого лютому",
            "march mar марта марте март березня березні", "april apr апреля апреле апрель квітня квітні",
            "may мая мае май травня травні", "june jun июня июне июнь червня червні", "july jul июля июле июль липня липні",
            "august aug августа августе август серпня серпні", "september sept sep сентября сентябре сентябрь вересня вересні",
            "october oct октября октябре октябрь жовтня жовтні", "november nov ноября ноябре ноябрь листопада листопаді",
            "december dec декабря декабре декабрь грудня грудні",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday понедельник понеділок", "tuesday вторник вівторок", "wednesday среду середу", "thursday четверг четвер",
         "friday пятницу п’ятницю п'ятницю", "saturday субботу суботу", "sunday воскресенье неділю")
    )
    for name in names.split()
}  # fmt: skip
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:,?\s+(?P<year>20\d\d)\b(?:\s*(?:года|року|г\.|р\.))?)?"
_DAYS = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s?(?:-|–|—|to|and|и|та|і)\s?(?P<last>\d{1,2})(?:st|nd|rd|th)?)?(?![\d:.,]\d|\s?%)"
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "первой": 1,
    "второй": 2,
    "першій": 1,
    "другій": 2,
    "上": 1,
    "下": 2,
}

Span = tuple[date, date]
Resolver = Callable[[re.Match[str], date], Span | None]


def _day_of_month(match: re.Match[str], published: date) -> Span | None:
    month = _MONTHS[match["month"].lower()] if not match["month"].isdigit() else int(match["month"])
    first_day = int(match["day"])
    last_day = int(match["last"] or first_day)
    if match["year"]:
        return date(int(match["year"]), month, first_day), date(int(match["year"]), month, last_day)
    last = date(published.year, month, last_day)
    if last <= published:
        if published - last < _NO_YEAR:
            return None  # not long past
        last = date(published.year + 1, month, last_day)
    return (date(last.year, month, first_day), last) if last - published <= _NO_YEAR else None


def _month(match: re.Match[str], published: date) -> Span | None:
    month = _MONTHS[match["month"].lower()] if not match["month"].isdigit() else int(match["month"])
    if match["year"]:
        return _months(int(match["year"]), month, month)
    # Without a year only the months next to come; this month's own name says too little.
    distance = (month - published.month) % 12
    return _months(published.year + (month < published.month), month, month) if 0 < distance <= 6 else None


def _weekday(match: re.Match[str], published: date) -> Span | None:
    distance = (_WEEKDAYS[match["weekday"].lower()] - published.weekday()) % 7
    day = published + timedelta(days=distance)
    return (day, day) if distance else None


def _days_on(days: int) -> Resolver:
    def resolve(_: re.Match[str], published: date) -> Span:
        return published + timedelta(days=days), published + timedelta(days=days)

    return resolve


def _in_some_days(match: re.Match[str], published: date) -> Span | None:
    count = _NUMBERS.get(match["count"].lower()) or int(match["count"] if match["count"].isdigit() else 0)
    day = published + timedelta(days=count)
    return (day, day) if 0 < count <= 30 else None


def _next_week(_: re.Match[str], published: date) -> Span | None:
    if published.weekday() in {0, 6}:  # a Sunday's "next week" may begin tomorrow, a Monday's may be Sunday's still
        return None
    monday = published + timedelta(days=7 - published.weekday())
    return monday, monday + timedelta(days=6)


def _this_week(_: re.Match[str], published: date) -> Span:
    return published + timedelta(days=1), published + timedelta(days=6 - published.weekday())


def _next_month(_: re.Match[str], published: date) -> Span:
    later = published.month == 12
    return _months(published.year + later, 1 if later else published.month + 1, 1 if later else published.month + 1)


def _this_month(_: re.Match[str], published: date) -> Span:
    return published + timedelta(days=1), _months(published.year, published.month, published.month)[1]


def _half(match: re.Match[str], _: date) -> Span:
    part = _ORDINALS[match["part"].lower()]
    return _months(int(match["year"]), 6 * part - 5, 6 * part)


def _quarter(match: re.Match[str], _: date) -> Span:
    part = _ORDINALS[match["part"].lower()]
    return _months(int(match["year"]), 3 * part - 2, 3 * part)


def _year(match: re.Match[str], _: date) -> Span:
    return _months(int(match["year"]), 1, 12)


def _months(year: int, first: int, last: int) -> Span:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _always(_: re.Match[str]) -> bool:
    return True


def _never(_: re.Match[str]) -> bool:
    return False


_I = re.IGNORECASE
_IN = r"(?:in|by|before|until|till|в|у|до|к|на)"
_RULES: tuple[tuple[re.Pattern[str], Resolver, Callable[[re.Match[str]], bool]], ...] = (
    (re.compile(rf"(?<![\w.,-])(?:{_DAYS})\s+(?:of\s+)?{_MONTH}{_YEAR}", _I), _day_of_month, _never),
    (re.compile(rf"\b(?-i:(?=[A-Z])){_MONTH}\s+{_DAYS}{_YEAR}", _I), _day_of_month, _never),
    (re.compile(r"(?:(?P<year>20\d\d)年)?(?P<month>1?\d)月(?P<day>[123]?\d)[日号]?(?:(?:至|到|和|-|—|、)(?P<last>[123]?\d))?[日号]"), _day_of_month, _never),
    (re.compile(rf"\b{_IN}\s+(?:early\s+|mid-|late\s+|the\s+end\s+of\s+|конца\s+|кінця\s+)?(?-i:(?=[A-ZА-Яа-яіїєґ])){_MONTH}{_YEAR}(?!\s+\d)", _I), _month, _never),
    (re.compile(r"\b(?:on|this|в|во|у)\s+(?P<weekday>" + "|".join(_WEEKDAYS) + r")\b", _I), _weekday, _never),
    (re.compile(r"(?<!next )(?<!last )(?<!past )(?<!previous )\b(?-i:(?=[A-Z]))(?P<weekday>" + "|".join(name for name in _WEEKDAYS if name.isascii()) + r")\b(?!['’])", _I), _weekday, _never),
    (re.compile(r"(?<![-'’“\"«])\b(?:tomorrow|завтра)\b(?!['’])", _I), _days_on(1), _never),
    (re.compile(r"\b(?:the\s+day\s+after\s+tomorrow|послезавтра|післязавтра)\b", _I), _days_on(2), _always),
    (re.compile(r"明天|明日"), _days_on(1), _always),
    (re.compile(r"后天"), _days_on(2), _always),
    (re.compile(r"\bin\s+(?P<count>\d{1,2}|" + "|".join(_NUMBERS) + r")\s+days\b(?!['’])", _I), _in_some_days, _never),
    (re.compile(r"(?<!the )\bnext\s+week\b(?!['’])|\bна\s+(?:следующей|наступному|наступній)\s+(?:неделе|тижні)\b|下周(?![一二三四五六日天])|下星期(?![一二三四五六日天])", _I), _next_week, _never),
    (re.compile(r"\blater\s+this\s+week\b|\bпозднее\s+на\s+этой\s+неделе\b", _I), _this_week, _never),
    (re.compile(r"(?<!the )\bnext\s+month\b(?!['’])|\b(?:в\s+следующем\s+месяце|наступного\s+місяця)\b|下个?月", _I), _next_month, _never),
    (re.compile(r"\blater\s+this\s+month\b|\bby\s+the\s+end\s+of\s+(?:the|this)\s+month\b|\bдо\s+(?:конца\s+месяца|кінця\s+місяця)\b", _I), _this_month, _never),
    (re.compile(r"\b(?:the\s+|в\s+|у\s+)?(?P<part>first|second|первой|второй|першій|другій)\s+(?:half|половине|половині)\s+(?:of\s+)?(?P<year>20\d\d)\b", _I), _half, _never),
    (re.compile(r"(?P<year>20\d\d)年(?P<part>[上下])半年"), _half, _never),
    (re.compile(r"\b(?:the\s+)?(?P<part>first|second|third|fourth)\s+quarter\s+of\s+(?P<year>20\d\d)\b", _I), _quarter, _never),
    (re.compile(rf"\b{_IN}\s+(?:the\s+end\s+of\s+|late\s+|early\s+|конца\s+|кінця\s+)?(?P<year>20\d\d)\b(?!\s*[-–—/]\s*\d)(?:\s*(?:году|року|года))?", _I), _year, _never),
)  # fmt: skip


# What tells that it lies ahead -----------------------------------------------------------------------------------------

_FUTURE_WORDS = """
    will shall 'll expires expire begins begin starts start ends takes scheduled slated planned due set expected upcoming deadline plans plan
    hopes aims awaits looms arrives hosts host meets meet holds hold visits visit travels travel resumes resume convenes convene opens
    expire begin end arrive return returns attend attends discuss sign vote votes deliver speak
    будет будут состоится состоятся пройдет пройдут пройдёт намерен намерена намерены планирует планируют планируется планируются запланирован запланирована
    запланированы запланировано истекает истечет истечёт истекут начнется начнутся начнётся встретится встретятся прибудет посетит предстоит ожидается ожидаются готов
    проведет проведут проведёт проведут завершится продолжится продолжатся вступит отправится обсудят обсудит назначены назначена
    буде будуть відбудеться відбудуться пройде планує планують планується заплановано запланована заплановані збирається зустрінуться зустрінеться очікується
    розпочнеться розпочнуться почнеться почнуться завершиться прибуде відвідає закінчується спливає проведе проведуть продовжиться продовжаться
"""
_FUTURE = frozenset(_FUTURE_WORDS.split())
_PAST_WORDS = """
    said says told was were had has have did did met held began took came went sent spoke left got saw made won lost fell rose struck hit shot wrote gave
    ago since after last earlier yesterday previous anniversary remember from
    сказал сказала заявил заявила был была были было прошлого прошлой ранее вчера после с со
    сказав сказала заявив заявила був була були було минулого минулої раніше вчора після з від
"""
_PAST = frozenset(_PAST_WORDS.split())
_DOUBT = frozenset(
    [
        "would",
        "could",
        "should",
        "might",
        "may",
        "not",
        "never",
        "ago",
        "if",
        "unless",
        "whether",
        "rather",
        "не",
        "нет",
        "ні",
        "якби",
        "если",
        "якщо",
    ]
)
_PAST_ENDING = re.compile(
    r"(?:[^\W\d_]{2,}ed|[^\W\d_]{2,}(?:ал|ил|ел|ул|ыл|ла|ли|ло|лся|лась|лись|лось|ося|лося|вся|лася|лися|ав|ив|ів))$"
)
_CLAUSE = re.compile(r"[;:!?。；：]|,\s|—|–\s|\.\s|，")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|'ll")
_PASSIVE = re.compile(r"(?<=\bbe )(?:\w+ly )?\w+(?:ed|en|ld|et|ut|ne)\b")  # of "will be held" the first word tells
_CHINESE_FUTURE = re.compile(r"将|拟|计划|预计|即将|定于|到期|举行")
_CHINESE_PAST = re.compile(r"了|已|曾|表示|宣布")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def _to_come(text: str, start: int, end: int) -> bool:
    """Whether the nearest telling word of the clause, before the date or else after it, says that it lies ahead."""
    before = text[max((clause.end() for clause in _CLAUSE.finditer(text, 0, start)), default=0) : start]
    close = _CLAUSE.search(text, end)
    opening_comma = close is not None and close[0].startswith((",", "，")) and not _WORD.search(before)
    if opening_comma and close is not None:  # "On Thursday, the leaders will meet"
        close = _CLAUSE.search(text, close.end())
    after = text[end : close.start() if close else len(text)]
    if _CHINESE.search(before + after):
        return bool(_CHINESE_FUTURE.search(before + after)) and not _CHINESE_PAST.search(before + after)
    words, following = _plain(before)[-_REACH:], _plain(after)[:_REACH]
    if _DOUBT.intersection(words) or _DOUBT.intersection(following):
        return False
    return next(_telling((*reversed(words), *following)), False)


def _plain(text: str) -> list[str]:
    """Its words in lower case, but for those in capitals: New START starts nothing."""
    return [word if word.isupper() else word.lower() for word in _WORD.findall(_PASSIVE.sub("", text))]


def _telling(words: Iterable[str]) -> Iterator[bool]:
    """For each telling word whether it tells of what is to come."""
    for word in words:
        if word in _FUTURE:
            yield True
        elif word in _PAST or _PAST_ENDING.search(word):
            yield False

"""What a sentence states: figures and what they count, names, places, acts and how far they got. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from digests.text.tokens import terms

# Acts of world politics, one family a line: the first is its name, any of the words stands for it. Words are compared
# as terms, so that inflections need not be listed; verbs whose stems differ ("met", "began") must be.
_ACTS = """
agree: agree agreed agrees agreement deal accord consensus договориться договорились договорились согласован домовилися угода соглашение 达成
sign: sign signs signed signing signature подписать подписали подписан подписание підписали підписано підписання 签署
ratify: ratify ratified ratifies ratification ратифицировать ратифікувати 批准
reject: reject rejects rejected rebuff rebuffed refuse refused refuses spurn decline declined отверг отвергли отказался відхилив відмовився 拒绝
accept: accept accepts accepted endorse endorsed embrace принял приняли прийняв
withdraw: withdraw withdrew withdrawn withdrawal pullout выйти вышла вывод вывести вихід 退出
suspend: suspend suspended halt halted freeze frozen pause paused приостановить приостановила призупинити 暂停
resume: resume resumed restart restarted restore restored возобновить возобновили відновити 恢复
postpone: postpone postponed delay delayed reschedule rescheduled отложить отложены перенесены відкласти відкладено 推迟
cancel: cancel cancelled canceled scrap scrapped  отменить отменил отменены скасувати скасовано 取消
begin: begin began begun start started open opened launch launched underway начать начались начинается почалися розпочалися 开始
end: end ended conclude concluded wrap wrapped finish finished complete completed завершить завершились закончились завершилися 结束
collapse: collapse collapsed fail failed broke stall stalled walkout сорваны сорвались провал зірвано
expire: expire expired expiry expires lapse lapsed истек истекает истечение закінчився 到期
extend: extend extended extension prolong prolonged renew renewal продлить продлен продление продовжити 延长
strike: strike struck blast explosion exploded bombing attack attacked shell shelled bomb bombed bombard hit raid удар ударили атака атаковали обстрел обстріл атакували 袭击
kill: kill killed dead died die dies death deaths fatal погибли погиб убит убиты загинули загинув вбито 死亡
wound: wound wounded injure injured hurt ранен ранены раненых поранено поранені 受伤
capture: capture captured seize seized occupy occupied захватить захватили захопили 占领
release: release released free freed освободить освобождены звільнити звільнено 释放
exchange: exchange exchanged swap swapped обмен обменялись обмін обмінялися 交换
arrest: arrest arrested detain detained задержать задержан арестован затримано заарештовано 逮捕
charge: charge charged indict indicted convict convicted sentence sentenced jail jailed осужден обвинен засуджено 起诉
expel: expel expelled expulsion deport deported выслать высланы выдворить вислати вислано 驱逐
recall: recall recalled summon summoned отозвать отозвал вызвать викликати відкликати 召回
sanction: impose imposed sanction sanctions sanctioned blacklist blacklisted tariff tariffs embargo санкции санкций санкції 制裁
lift: lift lifted ease eased waive waived снять сняты зняти знято 解除
resign: resign resigned resignation quit  отставка отставку відставка 辞职
appoint: appoint appointed nominate nominated sworn-in names named назначить назначен призначити призначено 任命
sack: dismiss dismissed sack sacked fire fired oust ousted уволить уволен звільнений 解职
elect: elect elected election re-elected избран выборы обрано вибори 当选
vote: vote voted ballot referendum голосование голосовать голосування 投票
win: win won wins victory победил победа переміг перемога 获胜
test: test tested test-fire test-fired испытание испытали випробування 试射
deploy: deploy deployed deployment station stationed развернуть разместить розгорнути 部署
deliver: deliver delivered supply supplied ship shipped поставить поставки постачання 交付
invite: invite invited invitation пригласить пригласил приглашение запросив запрошення 邀请
arrive: arrive arrived arrives land landed travel travelled прибыть прибыл прибыла прибув прибула 抵达
meet: meet met meets meeting summit talks встретиться встретились встреча зустрітися зустріч 会见 会谈 会晤
call: phone phoned telephone созвонились 通话 通电话
propose: propose proposed proposal offer offered предложить предложил предложение запропонував пропозиція 提议
threaten: threaten threatened threat ultimatum угроза угрожать погрожувати ультиматум 威胁
warn: warn warned warning предупредить предупредил попередив 警告
confirm: confirm confirmed confirms подтвердить подтвердил підтвердив 证实
deny: deny denied denies опровергнуть опроверг спростував 否认
retract: retract retracted correct corrected correction revise revised clarify clarified исправить уточнить уточнил
ban: ban banned bar barred bars outlaw prohibit prohibited запретить запрещен заборонити заборонено 禁止
evacuate: evacuate evacuated evacuation эвакуировать эвакуация евакуація 撤离
down: intercept intercepted downed  сбить сбиты збито 击落
crash: crash crashed derail derailed collide collided крушение аварія 坠毁
find: find found discover discovered recover recovered обнаружить обнаружен знайдено виявлено 发现
declare: declare declared proclaim proclaimed объявить объявил оголосити оголосив 宣布
apologise: apologise apologised apologize apologized apology извиниться вибачитися 道歉
recognise: recognise recognised recognize recognized признать признал визнати визнав 承认
rule: ordered orders ruled ruling upheld upholds uphold overturned overturns verdict постановил ухвалив 裁定
own: took-responsibility
identify: identify identified identifies опознан упізнано
lose: lose loses lost losing потерял втратив
close-in: near-deal
blame: blame blamed accuse accused обвинить обвинил звинуватити звинуватив 指责
"""
# What is said in two words, in one that stands above. What is published is not set free, and "in order to" orders nobody.
_PHRASES = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), word)
    for pattern, word in (
        (r"put(?:s|ting)? off|push(?:es|ed)? (?:back|to)", "postponed"),
        (r"call(?:s|ed|ing)? off", "cancelled"),
        (r"step(?:s|ped|ping)? down", "resigned"),
        (r"(?:shoots?|shot|shooting) down", "downed"),
        (r"br(?:eaks?|oke) down|f(?:alls?|ell) apart", "collapsed"),
        (r"turn(?:s|ed)? down|rul(?:es|ed) out", "rejected"),
        (r"(?:pull(?:s|ed)?|walk(?:s|ed)?) out|quits? the", "withdrew"),
        (r"kick(?:s|ed)? off|g[eo]ts? under way|under way", "began"),
        (r"claim(?:s|ed|ing)? responsibility", "took-responsibility"),
        (r"s(?:ets?|etting) free", "freed"),
        (r"(?:is |was |be )?sworn in", "sworn-in"),
        (r"(?:releas|publish)\w+ (?:\w+ ){0,3}(?:video|footage|photos?|pictures|statement|report|data|text|letter|details|documents?|files)", "published"),
        (r"str(?:ikes?|uck) (?:a|the) deal|reach(?:es|ed) (?:a |an )?(?:deal|agreement)", "agreed"),
        (r"(?:found|shot|declared|left \w+|pronounced) dead", "died"),
        (r"clos(?:e|es|ing) in on|near(?:s|ing)? (?:a |an )?(?:deal|agreement|accord)|close to (?:a |an )?(?:deal|agreement)", "near-deal"),
        (r"in order to", "to"),
        (r"(?:remember|mourn|honou?r|bury|buries)\w* (?:the |its |their )?dead", "mourn"),
    )
)  # fmt: skip
# Before an act they say that it is still to come ("to" only right before it), or that it did not come.
_AHEAD_WORDS = """
    near nears nearing approaches looms looming will would may might could can should shall must plan plans planned set expected expects ahead before if unless until hopes hope
    wants want urges urge seeks seek ready prepares preparing scheduled due mulls mull considers consider proposes likely threatens
    может могут будет будут намерен намерена готов готова планирует если перед до чтобы може можуть буде будуть має мають готовий якщо щоб
"""
_NOT_WORDS = "not no never without denies denied deny cannot can't won't didn't hasn't haven't isn't wasn't aren't neither nor не ни нет без ні немає"
# Nouns of acts: what they tell is not that it was done. "Found dead" is an exception that is listed as a phrase.
_NOUN = re.compile(
    r"(?:tion|sion|ment|wal|ance|iry|ture|ий|ия|ие|ення|ання)s?(?:['’]s)?$|^(?:deal|accord|treaty|treatie|pact|consensus|sanction|tariff|embargo|dead|death|victory|election|"
    r"ruling|verdict|killing|shelling|offer|proposal|threat|warning|surrender|tests?|соглашени\w|угод\w|санкц\w*)s?$",
    re.IGNORECASE,
)
_REACH = 4  # words before an act in which such a word is looked for

_NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12,
    "два": 2, "две": 2, "дві": 2, "три": 3, "четыре": 4, "чотири": 4, "пять": 5, "шесть": 6, "шість": 6, "семь": 7, "сім": 7,
    "восемь": 8, "вісім": 8, "девять": 9, "десять": 10,
}  # fmt: skip
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mln": 1e6, "bln": 1e9, "bn": 1e9, "trln": 1e12,
    "m": 1e6, "k": 1e3, "тыс": 1e3, "тис": 1e3, "тысяч": 1e3, "тысячи": 1e3, "тисяч": 1e3, "тисячі": 1e3, "млн": 1e6, "миллионов": 1e6,
    "мільйонів": 1e6, "млрд": 1e9, "миллиардов": 1e9, "мільярдів": 1e9, "трлн": 1e12, "万": 1e4, "亿": 1e8,
}  # fmt: skip
_CURRENCIES = {
    "$": "$", "US$": "$", "dollar": "$", "dollars": "$", "usd": "$", "долларов": "$", "доларів": "$", "美元": "$", "€": "€", "eur": "€", "euro": "€",
    "euros": "€", "евро": "€", "євро": "€", "£": "£", "pounds": "£", "¥": "¥", "yuan": "¥", "юаней": "¥", "юанів": "¥", "元": "¥",
    "₽": "₽", "rubles": "₽", "roubles": "₽", "рублей": "₽", "₴": "₴", "hryvnia": "₴", "гривен": "₴", "гривень": "₴",
    "%": "%", "percent": "%", "процентов": "%", "процента": "%", "відсотків": "%",
}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![^\W\u3400-\u9fff])(?<![.,:/-])(?P<sign>US\$|EUR|USD|[$€£¥₽₴])?\s?"
    r"(?P<digits>\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)?|(?<![$€£¥₽₴])\b(?:"
    + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
    + r")\b)"
    r"(?:(?P<close>m|bn|k|万|亿)(?![^\W_\u3400-\u9fff])|[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|mln|bln|bn|trln|тысяч[аи]?|тыс|"
    r"тисяч[аі]?|тис|млн|миллион(?:а|ов)?|мільйон(?:и|ів)?|млрд|миллиард(?:а|ов)?|мільярд(?:и|ів)?|трлн)\b\.?)?"
    r"(?:\s?-?(?P<unit>%|percent\b|dollars?\b|euros?\b|yuan\b|rou?bles\b|долларов|доларів|евро|євро|рублей|гривен|гривень|юан\w+|процент\w+|відсотк\w+|美元|元))?"
    r"(?![\d:]|\.\d)(?!-(?:year|day|hour|month|week|point|nation|member|way|party|strong|летн|річн))(?!-?(?:st|nd|rd|th)\b)(?!-[A-ZА-Я])",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|"
    r"січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня)\b"
)
_DAY = re.compile(
    rf"(?<!\d)(?P<before>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_MONTH})|(?P<first>{_MONTH})\.?\s+(?P<after>\d{{1,2}})(?![\d.])"
    r"|(?<!\d)(?P<number>\d{1,2})月(?:(?P<chinese>\d{1,2})[日号])?"
    rf"|\b(?:in|by|until|till|before|since|next|from|for|в|у|до)\s+(?P<alone>{_MONTH})(?!\.?\s+\d)",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan янв січ", "feb фев лют", "mar мар бер", "apr апр кві", "may мая тра", "jun июн чер", "jul июл лип", "aug авг сер", "sep сен вер",
         "oct окт жов", "nov ноя лис", "dec дек гру"), start=1,
    )
    for name in names.split()
}  # fmt: skip
_DATE_BEFORE = re.compile(
    rf"{_MONTH}\.?\s*$|\b(?:no|art|article|resolution|section|chapter|group|round)\.?\s*$", re.IGNORECASE
)
_DATE_AFTER = re.compile(
    rf"\s*[-–]?\s*(?:\d{{1,2}}\s+)?{_MONTH}|\s*(?:a\.?m|p\.?m|gmt|utc|o[’']clock|год|року|年|月|日|号|点|时)\b|\s*[年月日号点时]",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\u3400-\u9fff]{2}|[^\W\d_\u3400-\u9fff]+(?:[’'-][^\W\d_]+)*|\d[\d.,]*|[^\w\s]")
_PREPOSITION_WORDS = "in on at by for from with after before during over into near to against amid as since than и в на с по от за к із у з під від"
_PREPOSITIONS = frozenset(_PREPOSITION_WORDS.split())
_LINK_WORDS = "of the a an their his more other others at least people were was have has had been are be reported being"
_LINKS = frozenset(_LINK_WORDS.split())
_COUNTED = 5  # words after a number in which the thing counted is named

_PROPER = re.compile(
    r"(?<![\w’'-])(?:[A-Z\u0410-\u042fІЇЄҐ][\w’'-]*[a-z\u0430-\u0451іїєґ][\w’'-]*|[A-Z]{2,6}\b)"
    r"(?:\s(?:(?:al|el|bin|de|von|van)\s)?(?:[A-Z\u0410-\u042fІЇЄҐ][\w’'-]*[a-z\u0430-\u0451іїєґ][\w’'-]*|[A-Z]{2,6}\b))*"
)
_PLACED = re.compile(
    r"(?:^|\b)(?:in|at|near|outside|around|across|from|to|into|over|off|в|во|под|у|біля|під)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_CALENDAR_WORDS = """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november
    december jan feb mar apr jun jul aug sep sept oct nov dec mr mrs ms dr gen sen rep president minister prime foreign secretary general
"""
_CALENDAR = frozenset(_CALENDAR_WORDS.split())
_TITLE_CASE = 0.8  # of its longer words in capitals: then capitals tell nothing


class Stage(StrEnum):
    """How far an act got by the sentence; NAMED where only its noun stands there: "the expiry", "a withdrawal"."""

    DONE = "done"
    AHEAD = "ahead"
    NOT = "not"
    NAMED = "named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of a sentence: 1.5 million people is (1500000.0, "", {people}).

    `unit` is "$", "€", "£", "¥", "₽", "₴", "%" or empty; `counts` are the terms (text/tokens.py) of what is counted and,
    for victims, of what befell them; it may be empty. The figure stands in text[start:end].
    """

    value: float
    unit: str
    counts: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A family of acts ("sign", "strike" …) and how far it got."""

    name: str
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a text states. `names` and `places` are tuples of terms, "Abu Dhabi" one of them; places are names, too.

    Of a headline in Title Case no names are told. Acts in order, without repetition. `days` are days of a month as in
    "4 February" or "Feb. 4", in any year: (2, 4); (2, 0) is "in February".
    """

    figures: tuple[Figure, ...]
    names: frozenset[tuple[str, ...]]
    places: frozenset[tuple[str, ...]]
    acts: tuple[Act, ...]
    days: frozenset[tuple[int, int]]


def facts(text: str) -> Facts:
    """The facts of a text of any length; dates, times, ages and ordinals are no figures."""
    names, places = _names(text)
    return Facts(
        figures=figures(text),
        names=names,
        places=places,
        acts=tuple(dict.fromkeys(_acts(text))),
        days=frozenset(_days(text)),
    )


def figures(text: str) -> tuple[Figure, ...]:
    """The figures alone, in the order of the text."""
    return tuple(filter(None, (_figure(text, found) for found in _NUMBER.finditer(text))))


def _figure(text: str, found: re.Match[str]) -> Figure | None:
    digits = found["digits"].lower()
    word = digits in _NUMBER_WORDS
    scale = (found["close"] or found["scale"] or "").lower().rstrip(".")
    unit = _unit(found["sign"] or found["unit"] or "")
    if found["close"] in {"m", "k"} and not found["sign"]:
        return None  # metres, perhaps
    before, after = text[: found.start()], text[found.end() :]
    if not unit and not scale:
        year = not word and re.fullmatch(r"(?:1[5-9]|20)\d\d", digits)
        if year or _DATE_BEFORE.search(before) or _DATE_AFTER.match(after):
            return None
        if digits == "one":
            return None  # "one of them" counts nothing
    value = _NUMBER_WORDS[digits] if word else _value(digits)
    counts = frozenset(_counted(before, after))
    return Figure(value=value * _scale(scale), unit=unit, counts=counts, start=found.start(), end=found.end())


def _value(digits: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?:\.\d+)?", digits):
        return float(re.sub(r"[^\d.]", "", digits))
    return float(digits.replace(",", "."))


def _scale(name: str) -> float:
    if not name:
        return 1.0
    return next(scale for prefix, scale in _LONGEST_SCALES if name.startswith(prefix))


def _unit(name: str) -> str:
    folded = name.lower()
    return next((unit for prefix, unit in _LONGEST_UNITS if folded.startswith(prefix)), "")


_LONGEST_SCALES = sorted(
    (*_SCALES.items(), ("миллион", 1e6), ("мільйон", 1e6), ("миллиард", 1e9), ("мільярд", 1e9)),
    key=lambda pair: -len(pair[0]),
)
_LONGEST_UNITS = sorted(
    (*((name.lower(), unit) for name, unit in _CURRENCIES.items()), ("юан", "¥"), ("процент", "%"), ("відсотк", "%")),
    key=lambda pair: -len(pair[0]),
)


def _counted(before: str, after: str) -> Iterator[str]:
    """Terms of the words that follow, up to the end of the phrase, and of a verb that takes victims just before."""
    for word in _words(after, _COUNTED):
        if not word[0].isalpha() or word.lower() in _PREPOSITIONS or word.lower() == "and":
            break
        if word.lower() not in _LINKS or word.lower() == "people":
            yield from _terms(word)
    for word in reversed(_words(before[-60:], 40)[-4:]):
        if not word[0].isalpha():
            break
        if any(family in {"kill", "wound", "capture", "arrest", "release", "down"} for family in _families(word)):
            yield from _terms(word)


def _names(text: str) -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    longer = re.findall(r"[^\W\d_]{4,}", text)
    if len(longer) > 3 and sum(word[0].isupper() for word in longer) >= _TITLE_CASE * len(longer):
        return frozenset(), frozenset()
    names, places = set(), set()
    for found in _PROPER.finditer(text):
        before = text[: found.start()].rstrip("\"'“‘«„([ ")
        parts = [part for part in found[0].split() if part.lower() not in _CALENDAR]
        opens = not before or before[-1] in ".!?:…"
        if not parts or (opens and len(parts) == 1 and not parts[0].isupper()):
            continue  # a capital that opens a sentence makes no name
        name = tuple(term for part in parts for term in _terms(part))
        if name:
            names.add(name)
            if _PLACED.search(text[max(0, found.start() - 12) : found.start()]):
                places.add(name)
    return frozenset(names), frozenset(places)


def _days(text: str) -> Iterator[tuple[int, int]]:
    for found in _DAY.finditer(text):
        day = int(found["before"] or found["after"] or found["chinese"] or 0)
        name = (found["month"] or found["first"] or found["alone"] or "").lower()
        month = int(found["number"]) if found["number"] else _MONTHS[name[:3]]
        if 1 <= month <= 12 and day <= 31:
            yield month, day


def _acts(text: str) -> Iterator[Act]:
    for phrase, word in _PHRASES:
        text = phrase.sub(word, text)
    words = _words(text, len(text))
    for place, word in enumerate(words):
        for family in _families(word):
            stage = _stage(words[max(0, place - _REACH) : place])
            if stage is Stage.DONE and _NOUN.search(word):
                stage = Stage.NAMED
            yield Act(name=family, stage=stage)


def _stage(before: list[str]) -> Stage:
    stage = Stage.AHEAD if before and before[-1].lower() == "to" else Stage.DONE
    for word in reversed(before):
        if word in {",", ";", ":", ".", "—", "–"}:
            break
        if word.lower().replace("’", "'") in _NOT:
            return Stage.NOT
        if word.lower() in _AHEAD:
            stage = Stage.AHEAD
    return stage


def _words(text: str, most: int) -> list[str]:
    return [found[0] for found, _ in zip(_WORD.finditer(text), range(most), strict=False)]


@lru_cache(maxsize=100_000)
def _terms(word: str) -> tuple[str, ...]:
    return terms(word)


def _families(word: str) -> tuple[str, ...]:
    return _FAMILIES.get(word.lower(), ()) or _FAMILIES_BY_TERM.get("".join(_terms(word.lower())), ())


def _read(table: str) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    by_word: dict[str, tuple[str, ...]] = {}
    by_term: dict[str, tuple[str, ...]] = {}
    for line in table.strip().splitlines():
        name, spelled = line.split(": ")
        for word in spelled.split():
            by_word.setdefault(word, (name,))
            if (stem := "".join(_terms(word))) and len(stem) > 2:
                by_term.setdefault(stem, (name,))
    return by_word, by_term


_FAMILIES, _FAMILIES_BY_TERM = _read(_ACTS)
_AHEAD = frozenset(_AHEAD_WORDS.split())
_NOT = frozenset(_NOT_WORDS.split())

"""What the words of a story weigh: shared by independent voices they are central, worn ones tell nothing."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from digests.model.stories import Report
from digests.text.tokens import terms

# Words that any report of any day may hold. Alone they make no sentence new, and two sentences no more alike.
_WORN_WORDS = """
    accord accuse act action add address administration afternoon agency ahead aim allege allow amid announce annual answer appear approach area ask
    attempt attend available await back base become begin believe big bid bring call came carry cause center central chance change chief
    city claim clear close come comment concern conclude condition confirm consider contact continue control could country court current
    date day deal decade decide decision declare department describe despite detail develop development direct discuss discussion double
    draw due earlier early effort end enter evening event expect express face fact factor fail far fear feel fighting final find first five focus
    follow force foreign former forward four free fresh full future gather general give go good government great group grow half hand happen
    head hear held help hit hold home hope hour house huge idea immediate impact important include including increase information initial
    inside interest international interview involve issue item job join keep key kind know known land large last late latest lead leader
    least leave left less let level like likely line list little live local long look lot main major make man many mark massive matter mean measure
    media meet meeting member men message military minister moment monday month morning move mull name nation national near nearly need negotiator
    new news next night note number offer office official old open order part party pass past pave people person phase place plan play point policy
    political position possible power prepare present president press prime problem process progress proposal propose public push put question
    raise reach read ready real reason receive recent reject relate release remain remark respond response rest result resume return reveal rise role round
    rule run saturday schedule second secretary see seek seem send senior series serve set seven several share show side sign sign similar
    situation six social source speak special spokesman spokesperson stage stance stand start state statement stay step still stop stress suggest
    sunday support system take talk tell term thing think third three threat thursday time today together tomorrow top topic tuesday turn two
    use view visit voice vow wait want war warn watch way wednesday week weekend whether win word work world year yesterday
    envoy delegation team kick hail hailed praise tout urge note reiterate productive substantive constructive fruitful
    breakthrough sources video friday january february march april june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun st nd rd th peace
    consultation kickoff wrap underway under way brokered led mediated trilateral bilateral negotiate
"""
# Who is always part of it: no news that they are named.
_PARTIES = """
    US USA America Washington White House Russia Russian Moscow Kremlin Ukraine Ukrainian Kyiv Kiev China Chinese Beijing Europe EU European Brussels UN NATO UK
    Britain London France Paris Germany Berlin Iran Tehran Israel India Trump Donald Putin Vladimir Zelensky Zelenskyy Zelenskiy Volodymyr Xi Jinping Biden Joe Macron
    Emmanuel Starmer Keir Merz Friedrich Lavrov Sergei Sergey Medvedev Dmitry Peskov Rubio Marco Vance JD Modi Narendra Netanyahu Benjamin
"""
# Different words for the same thing: a second headline that has only these is the first one over again.
_SAME = """
    delay postpone reschedule
    strike attack bombard raid shell pound hit barrage assault
    begin start open kick resume launch restart
    end conclude wrap finish close complete
    expire lapse end run
    hail praise tout laud
    regret deplore negative
    talk negotiation meeting consultation meet gather round discussion dialogue
    treaty pact accord deal agreement agree
    swap exchange return release
    prisoner captive serviceman servicemen POW
    productive constructive substantive
    keep maintain remain stay
    diplomat envoy delegation negotiator representative
    new fresh next another second
    important crucial key vital
    troop soldier force
    boss chief head leader
    seek urge want call demand
    visit trip travel arrive land
    limit cap restriction curb constraint
    responsible responsibly
    reestablish resume restore renew
    breakthrough progress
"""
_FOLDED = {term: group[0] for group in (terms(line) for line in _SAME.strip().splitlines()) for term in reversed(group)}
_WORN = frozenset(_FOLDED.get(term, term) for term in terms(_WORN_WORDS))
_PARTY_TERMS = frozenset(terms(_PARTIES)) - _WORN
_FAMILIAR = _WORN | frozenset(terms(_PARTIES))
_WORN_WEIGHT = 0.4
_NUMBER_WEIGHT = 1.3

Vector = Mapping[str, float]


def words(text: str) -> tuple[str, ...]:
    """The terms of a text, those of one meaning folded."""
    return tuple(_FOLDED.get(term, term) for term in map(_american, terms(text)))


def familiar(term: str) -> bool:
    """Whether one of `words` adds no fact by itself: a worn word, or one who is always part of it."""
    return term in _FAMILIAR


@lru_cache(maxsize=16384)  # of texts that are held against each other again and again
def vector(text: str) -> Vector:
    """The terms of a text with their weights, of length 1; empty for a text without terms."""
    return _unit({term: (1 + math.log(count)) * _weight(term) for term, count in Counter(words(text)).items()})


@lru_cache(maxsize=16384)
def matter(text: str) -> Vector:
    """As `vector`, without who is always part of it: what is said of them, not of whom."""
    told = Counter(term for term in words(text) if term not in _PARTY_TERMS)
    return _unit({term: (1 + math.log(count)) * _weight(term) for term, count in told.items()})


def likeness(one: Vector, other: Vector) -> float:
    """The cosine of two vectors: 0 with nothing in common, 1 for the same words."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())


def centre(reports: Iterable[Report]) -> Vector:
    """What the story is about: the mean of its voices, each origin counting once however much it writes."""
    by_origin: dict[str, list[Vector]] = {}
    for report in reports:
        article = report.article
        by_origin.setdefault(report.origin, []).append(vector(f"{article.title} {article.text}"))
    return mean(mean(vectors) for vectors in by_origin.values())


def mean(vectors: Iterable[Vector]) -> Vector:
    """The direction between vectors, of length 1."""
    total: dict[str, float] = {}
    for each in vectors:
        for term, weight in each.items():
            total[term] = total.get(term, 0.0) + weight
    return _unit(total)


def _american(term: str) -> str:
    """Of "stabilising" and "stabilizing" one."""
    return f"{term[:-1]}z" if len(term) > 6 and term.endswith("is") else term


def _weight(term: str) -> float:
    if term[0].isdigit():
        return _NUMBER_WEIGHT
    return _WORN_WEIGHT if term in _WORN else 1.0


def _unit(weights: Vector) -> Vector:
    size = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {term: weight / size for term, weight in weights.items()} if size else {}

"""A digest as its reader sees it: numbered stories by topic, whose each sentence is, and the small print."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.views.markup import MESSAGE_LIMIT, View, bold, escape, italic, link, shorten, utf16_length
from digests.model.articles import Article, ArticleId
from digests.model.people import Heading, Notice, Part
from digests.model.sources import Outlet, Ownership
from digests.model.stories import Alone, Aside, Brief, Digest, Report, Section, Sentence

_NAMED = 3  # outlets named below a story; the others are counted
_HEADLINE = 240
_LISTED = 6  # outlets named in the small print
_TITLES = 400  # of all topics' titles, in one line
_QUIET = 1500  # UTF-16 units for the topics of which there is nothing new; beyond, they share one line
_ABBREVIATED = re.compile(r"\w\.\w\.$")  # "U.S." keeps its last point
_OWNERSHIP = {
    Ownership.STATE: "state",
    Ownership.GOVERNMENT: "government",
    Ownership.PRO_GOVERNMENT: "pro-government",
    Ownership.UNCLEAR: "unclear",
}
_STATES = {
    "RU": "Russian",
    "CN": "Chinese",
    "UA": "Ukrainian",
    "US": "US",
    "IN": "Indian",
    "IR": "Iranian",
    "TR": "Turkish",
}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """An independent origin of a story: the report that stands for it, and how many others repeat it."""

    name: str
    report: Report
    reprints: int

    @property
    def outlet(self) -> Outlet:
        """The outlet of the report that stands for it."""
        return self.report.article.outlet


def voices(brief: Brief) -> tuple[Voice, ...]:
    """The independent origins: whose headline it is, whom the brief quotes, then independent outlets, then the earliest."""
    quoted = [sentence.article for sentence in brief.sentences]
    return _voices(brief.reports, quoted if brief.lead is None else [brief.lead, *quoted])


def _voices(reports: Sequence[Report], first: Sequence[ArticleId]) -> tuple[Voice, ...]:
    by_origin: dict[str, list[Report]] = {}
    for report in reports:
        by_origin.setdefault(report.origin, []).append(report)
    place = {article: number for number, article in reversed([*enumerate(first)])}
    found = []
    for origin, heard in by_origin.items():
        own = {report.article.id for report in heard if report.article.outlet.name == origin}
        chosen = min(
            heard,
            key=lambda report: (
                place.get(report.article.id, len(first)),
                bool(own) and report.article.outlet.state_media,  # of copies whose source is not known the freer one
                report.article.id not in own,
            ),
        )
        outlets = {report.article.outlet.name for report in heard}
        name = chosen.article.outlet.name if own else origin
        found.append(Voice(name=name, report=chosen, reprints=len(outlets) - 1))
    found.sort(key=lambda voice: (place.get(voice.report.article.id, len(first)), voice.outlet.state_media))
    return tuple({voice.outlet.name: voice for voice in reversed(found)}.values())[::-1]  # each outlet once


def flag(country: str) -> str:
    """The flag of an ISO 3166 code or EU; a globe for what is none."""
    if len(country) == 2 and country.isascii() and country.isalpha():
        return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country.upper())
    return "🌐"


def ownership(outlet: Outlet) -> str:
    """The word that warns of a government's voice, or an unclear one's; empty for others."""
    return _OWNERSHIP.get(outlet.ownership, "")


def moment(at: datetime, zone: str) -> str:
    """Weekday, date and time in a zone: "Wed 4 Feb, 20:00"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local:%H:%M}"


def day(of: date) -> str:
    """Weekday and date: "Wed 4 Feb"."""
    return f"{_WEEKDAYS[of.weekday()]} {of.day} {_MONTHS[of.month - 1]}"


def zone_name(zone: str, city: str | None) -> str:
    """What a person calls a zone: his city, else the last part of the zone's key."""
    return city or zone.rsplit("/", 1)[-1].replace("_", " ")


def split(digest: Digest, heading: Heading) -> tuple[Part, ...]:
    """Parts that each fit one message, cut between stories only."""
    count = len(digest.briefs)
    whole = Part(digest=digest, heading=heading, number=1, of=1, first=min(1, count), last=count)
    if count <= 1 or _fits(whole):
        return (whole,)
    spans: list[tuple[int, int]] = [(1, 1)]
    for number in range(2, count + 1):
        first, _ = spans[-1]
        # Measured as if it were one of many and the last: with both the "(1/9)" and the small print.
        longer = Part(
            digest=digest, heading=heading, number=max(2, len(spans)), of=len(spans) + 1, first=first, last=number
        )
        if _fits(longer):
            spans[-1] = (first, number)
        else:
            spans.append((number, number))
    return tuple(
        Part(digest=digest, heading=heading, number=index, of=len(spans), first=first, last=last)
        for index, (first, last) in enumerate(spans, start=1)
    )


def _fits(part: Part) -> bool:
    return _sendable(_html(part, opening=True, closing=_closings(part)[0]))


def _sendable(markup: str) -> bool:
    return utf16_length(markup) <= MESSAGE_LIMIT


def render(part: Part) -> View:
    """One message of a digest, with a button for each of its stories."""
    closings = _closings(part) if part.number == part.of else [()]
    drafts = [_html(part, opening=part.number == 1, closing=closing) for closing in closings]
    return View(html=next((draft for draft in drafts if _sendable(draft)), drafts[-1]), keyboard=keyboard(part))


def render_notice(notice: Notice) -> View:
    """Write the line for a digest that may not have arrived."""
    text = f"Your {notice.edition.slot:%H:%M} digest may not have arrived."
    show = InlineKeyboardButton("Show it", callback_data=f"show:{notice.digest}")
    return View(html=escape(text), keyboard=InlineKeyboardMarkup([[show]]))


def keyboard(part: Part) -> InlineKeyboardMarkup | None:
    """A button for each story, and one for the sources; None where there is no story."""
    if not part.last:
        return None
    digest = part.digest.id
    numbers = [
        InlineKeyboardButton(str(number), callback_data=f"more:{digest}:{number}")
        for number in range(part.first, part.last + 1)
    ]
    below = [
        InlineKeyboardButton("Sources", callback_data=f"sources:{digest}:0"),
        InlineKeyboardButton("Compare", callback_data=f"compare:{digest}:0"),
    ]
    return InlineKeyboardMarkup([numbers, below])


def _html(part: Part, *, opening: bool, closing: Sequence[str]) -> str:
    blocks = []
    if opening:
        blocks.append(_opening(part))
    if part.number > 1:
        blocks.append(italic(f"({part.number}/{part.of})"))
    blocks.extend(_stories(part))
    blocks.extend(closing)
    return "\n\n".join(blocks)


def _opening(part: Part) -> str:
    digest, heading = part.digest, part.heading
    title = f"{moment(heading.at, heading.zone)} {zone_name(heading.zone, heading.city)}"
    late = f" (due {heading.late_slot:%H:%M}; the bot was down)" if heading.late_slot else ""
    topics = shorten(" · ".join(section.title for section in digest.sections), _TITLES)
    return f"{bold(title)}{escape(late)}\n{escape(f'{topics} — {_count(digest)}')}"


def _count(digest: Digest) -> str:
    stories = len(digest.briefs)
    told = [(brief.reports, *(aside.reports for aside in brief.beside)) for brief in digest.briefs]
    outlets = len({report.article.outlet.name for each in told for reports in each for report in reports})
    if not stories:
        return "no new stories"
    return (
        f"{stories} {'story' if stories == 1 else 'stories'} from {outlets} {'outlet' if outlets == 1 else 'outlets'}"
    )


def _stories(part: Part) -> Iterator[str]:
    """Blocks of the part's stories; a section's title stands above its first story here."""
    number = 0
    for section in part.digest.sections:
        shown = []
        for brief in section.briefs:
            number += 1
            if part.first <= number <= part.last:
                shown.append(story(number, brief))
        if shown:
            yield f"{bold(section.title.upper())}\n" + "\n\n".join(shown)


def story(number: int, brief: Brief) -> str:
    """One numbered story: headline, sentences with their outlets, who reports it."""
    update = "🔄 Update: " if brief.update else ""
    lines = [bold(f"{number} · {update}{_headed(brief.headline_by, brief.headline)}")]
    if brief.sentences:
        articles = {report.article.id: report.article for report in brief.reports}
        lines.append(" ".join(quoted(sentence, articles[sentence.article]) for sentence in brief.sentences))
    lines += map(aside, brief.beside)
    lines.append(sources(brief))
    if brief.alone:
        lines.append(escape(alone(brief.alone)))
    return "\n".join(lines)


def aside(of: Aside) -> str:
    """Another story of the affair in a line: "Earlier: …" or "Also: …", and who tells it."""
    opening = "Earlier" if of.earlier else "Also"
    first, *others = _voices(of.reports, [of.lead])
    headline = escape(shorten(of.headline, _HEADLINE))
    if of.headline_by:  # it stands in front
        more = f" +{len(others)}" if others else ""
        return f"{opening}: {_name(first)}{more}: {headline}."
    rest = len(others) + 1 - _NAMED
    more = f" +{rest}" if rest > 0 else ""
    return f"{opening}: {headline} ({', '.join(map(_name, [first, *others][:_NAMED]))}{more})."


def _headed(by: str | None, headline: str) -> str:
    return f"{by}: {shorten(headline, _HEADLINE)}" if by else shorten(headline, _HEADLINE)


def alone(of: Alone) -> str:
    """Who alone tells a story, and of how many: "So far only Russian state media, of 41 feeds read"."""
    whose = _STATES.get(of.vantage, "one government’s")
    return f"So far only {whose} state media, of {of.read} feeds read"


def quoted(sentence: Sentence, article: Article) -> str:
    """A sentence with its speaker as a link, and its language where that is not English."""
    language = f"[{article.language}] " if article.language != "en" else ""
    text = sentence.text if _ABBREVIATED.search(sentence.text) else sentence.text.rstrip(".")
    return f"{escape(language + text)} ({link(article.url, sentence.speaker)})."


def sources(brief: Brief) -> str:
    """Who reports a story: each by name up to three, else counted by vantage with the first three named."""
    found = voices(brief)
    if len(found) <= _NAMED:
        return " · ".join(f"{flag(voice.outlet.vantage)} {_named(voice)}" for voice in found)
    groups = Counter((voice.outlet.vantage, ownership(voice.outlet)) for voice in found)
    counted = " · ".join(f"{flag(vantage)} {count} {word}".rstrip() for (vantage, word), count in groups.most_common())
    told = {brief.lead, *(sentence.article for sentence in brief.sentences)}
    shown = max(_NAMED, sum(voice.report.article.id in told for voice in found))
    rest = f" +{len(found) - shown}" if len(found) > shown else ""
    return f"{counted} — {len(found)} outlets: {', '.join(map(_name, found[:shown]))}{rest}"


def _named(voice: Voice) -> str:
    """Its name as a link, the word that warns of a government's, and how many others repeat it."""
    name = _name(voice)
    if voice.reprints:
        name += f" +{voice.reprints} {'reprint' if voice.reprints == 1 else 'reprints'}"
    return name


def _name(voice: Voice) -> str:
    """The outlet as a link, what warns of it, and whose text or word it passes on."""
    outlet = voice.outlet.name
    passed_on = "" if voice.name == outlet else f", from {escape(voice.name)}"
    return f"{link(voice.report.article.url, outlet)}{_warning(voice)}{passed_on}"


def _warning(voice: Voice) -> str:
    word = ownership(voice.outlet)
    return f" {word}" if word else ""


def _closings(part: Part) -> list[tuple[str, ...]]:
    """What may stand below the last story, each shorter than the one before: topics without one, then the small print.

    Topics without a story come last because nobody reads for them first.
    """
    small_print = _small_print(part)
    without = [section for section in part.digest.sections if not section.briefs]
    if not without:
        return [(small_print,)]
    each = tuple(f"{bold(section.title.upper())}\n{_quiet(section, part)}" for section in without)
    cut = [section for section in without if section.left]
    quiet = [section for section in without if not section.left]
    kinds = [(cut, _unfit(sum(section.left for section in cut), "and a topic")), (quiet, _nothing(part))]
    kinds = [(sections, line) for sections, line in kinds if sections]
    together = [
        f"{bold(shorten(' · '.join(section.title for section in sections), _TITLES))}\n{line}"
        for sections, line in kinds
    ]
    counted = [f"{len(sections)} {'topic' if len(sections) == 1 else 'topics'}: {line}" for sections, line in kinds]
    closings: list[tuple[str, ...]] = [(*together, small_print), (*counted, small_print)]
    if utf16_length("\n\n".join(each)) <= _QUIET:
        closings.insert(0, (*each, small_print))
    return closings


def _unfit(stories: int, where: str) -> str:
    return f"{stories} {'story' if stories == 1 else 'stories'} did not fit: /latest {escape(where)}"


def _nothing(part: Part) -> str:
    if not part.digest.coverage.read:
        return "No feed could be read, so nobody knows."
    return f"Nothing new since {moment(part.digest.window.start, part.heading.zone)}."


def _quiet(section: Section, part: Part) -> str:
    zone = part.heading.zone
    if section.left:
        return _unfit(section.left, section.title.lower())
    line = _nothing(part)
    if section.nearest is None:
        return line
    article = section.nearest.article
    when = moment(article.published, zone)
    return f"{line} The latest before: {link(article.url, shorten(article.title, _HEADLINE))} ({escape(article.outlet.name)}, {when})."


def _small_print(part: Part) -> str:
    coverage = part.digest.coverage
    since = moment(part.digest.window.start, part.heading.zone)
    text = f"Read {coverage.read} of {coverage.feeds} feeds since {since}"
    if coverage.unreached:
        text += f"; not reached: {_listed(coverage.unreached)}"
    if coverage.truncated:
        text += f"; with gaps: {_listed(coverage.truncated)}"
    elif not coverage.unreached and coverage.read:
        text += ", without a gap"
    return italic(f"{text}.")


def _listed(names: tuple[str, ...]) -> str:
    rest = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" +{rest}" if rest > 0 else "")

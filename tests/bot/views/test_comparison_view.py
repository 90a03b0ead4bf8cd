"""A comparison as it is read on a telephone: groups, figures, silence; warnings, languages, links."""

from dataclasses import replace
from datetime import timedelta

from bot.views.comparison import compared
from bot.views.markup import MESSAGE_LIMIT, as_plain, utf16_length
from digests.model.answers import Chosen, Compared
from digests.model.comparisons import Comparison, Excerpt, Group, Side
from digests.model.sources import Coverage, Ownership
from digests.model.stories import Alone, Digest, DigestId, Section, Window
from tests.bot.handlers.office import brief
from tests.builders import NOON, article, outlet

HERALD = outlet("Herald", "GB")
AGENCY = outlet("Agency", "RU", Ownership.STATE)


def shown(comparison, alone=None):
    digest = Digest(
        id=DigestId("digestaaaa"),
        window=Window(start=NOON - timedelta(days=1), end=NOON),
        sections=(
            Section(topic="new-start", title="New START", briefs=(replace(brief(1, "new-start"), alone=alone),)),
        ),
        coverage=Coverage(read=3, feeds=3),
    )
    return compared(
        Compared(chosen=Chosen(digest=digest, number=1, zone="Europe/Kyiv", city="Kyiv"), comparison=comparison)
    )


def excerpt(text, of=HERALD, number=1, language="en"):
    return Excerpt(text=text, article=replace(article(number, of=of), language=language))


def side(group, text, of=HERALD, quotations=(), language="en"):
    return Side(group=group, voices=1, headline=excerpt(text, of, language=language), quotations=quotations)


def test_groups_figures_and_silence_stand_below_each_other():
    view = shown(
        Comparison(
            sides=(
                side(Group.EUROPE, "Strike <kills> 12", quotations=(excerpt("a long road"),)),
                side(Group.RUSSIAN_STATE, "Удар по шахте", AGENCY, language="ru"),
            ),
            differing=((excerpt("kills 12 miners"), excerpt("kills 15 miners", AGENCY, 2)),),
            silent=(Group.CHINESE_STATE, Group.UKRAINE),
        )
    )
    assert as_plain(view.html) == (
        "1 · Envoys & ministers meet, round 1\n\n"
        "🇪🇺🇬🇧 Europe · 1 outlet\nStrike <kills> 12 (Herald)\nQuotes: “a long road” (Herald)\n\n"
        "🇷🇺 Russian state media · 1 outlet\n[ru] Удар по шахте (Agency, state)\n\n"
        "Figures that differ\n"
        "• “kills 12 miners” (Herald, Wed 4 Feb, 14:00) · “kills 15 miners” (Agency, state, Wed 4 Feb, 14:00)\n\n"
        "Has not reported it by Wed 4 Feb, 14:00: 🇨🇳 Chinese state media, 🇺🇦 Ukraine.\n\n"
        "No report found from 🇺🇸 United States; there may be one."
    )
    assert view.html.count("<a href=") == 5


def test_of_several_outlets_one_headline_is_shown_and_said_to_be_one():
    several = replace(side(Group.OTHERS, "Envoys meet"), voices=5)
    view = shown(Comparison(sides=(several, side(Group.EUROPE, "Talks open"))))
    assert "🌐 Others · 5 outlets; one of their headlines:\nEnvoys meet (Herald)" in as_plain(view.html)


def test_where_every_group_reports_none_is_missed():
    view = shown(Comparison(sides=tuple(side(each, "Envoys meet") for each in Group)))
    assert "No report found" not in view.html


def test_a_group_alone_is_told_as_such():
    view = shown(Comparison(sides=(side(Group.EUROPE, "Envoys meet"),)))
    assert as_plain(view.html).endswith("There is no report of another group here to hold against it.")


def test_a_state_alone_is_told_as_such():
    view = shown(Comparison(sides=(side(Group.RUSSIAN_STATE, "Envoys meet", AGENCY),)), Alone(vantage="RU", read=41))
    assert as_plain(view.html).endswith("So far only Russian state media, of 41 feeds read.")


def test_however_much_there_is_it_fits_one_message():
    text = "& " * 300
    view = shown(
        Comparison(
            sides=tuple(side(each, text, quotations=(excerpt(text), excerpt(text, AGENCY))) for each in Group),
            differing=tuple(tuple(excerpt("word " * 20, AGENCY) for _ in range(6)) for _ in range(4)),
        )
    )
    assert utf16_length(view.html) <= MESSAGE_LIMIT

from digests.editing.voices import Voice, voice
from digests.model.sources import Ownership
from digests.model.stories import Report
from tests.builders import article, outlet

AGENCY = outlet("State Agency", ownership=Ownership.STATE)


def test_an_outlet_of_its_own_is_independent():
    report = Report(article=article(), origin="Northern Herald")
    assert voice(report, [report]) is Voice.INDEPENDENT


def test_state_media_and_who_repeats_them_are_the_state():
    own = Report(article=article(1, of=AGENCY), origin="State Agency")
    reprint = Report(article=article(2), origin="State Agency")
    of_tass = Report(article=article(3), origin="TASS")
    assert {voice(report, [own, reprint, of_tass]) for report in (own, reprint, of_tass)} == {Voice.STATE}


def test_an_outlet_of_which_nobody_knows_the_owner_is_unclear():
    report = Report(article=article(of=outlet("Front", ownership=Ownership.UNCLEAR)), origin="Front")
    assert voice(report, [report]) is Voice.UNCLEAR


def test_who_cites_state_media_without_a_name_is_the_state():
    report = Report(article=article(), origin="Chinese state media")
    assert voice(report, [report]) is Voice.STATE


def test_a_text_that_a_newspaper_close_to_its_government_has_too_is_an_agencys():
    close = outlet("Island Times", "SG", ownership=Ownership.PRO_GOVERNMENT)
    first = Report(article=article(1, of=close), origin="Island Times")
    second = Report(article=article(2), origin="Island Times")
    assert voice(first, [first, second]) is Voice.STATE
    assert voice(second, [first, second]) is Voice.INDEPENDENT

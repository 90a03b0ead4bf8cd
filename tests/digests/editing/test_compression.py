import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.editing.compression import compress


@pytest.mark.parametrize(
    ("sentence", "shorter"),
    [
        ("ANKARA, Feb. 4 (AFP) — Envoys met on Friday.", "Envoys met on Friday."),
        ("MOSCOW, February 4. /TASS/. Envoys met in Vienna.", "Envoys met in Vienna."),
        ("Seoul, South Korea (CNN) Envoys met in Vienna.", "Envoys met in Vienna."),
        ("TEHRAN- Envoys met in Vienna.", "Envoys met in Vienna."),
        ("; envoys of Norland met in Vienna.", "envoys of Norland met in Vienna."),
        ("• Envoys met in Vienna.", "Envoys met in Vienna."),
        ("By Ann Low and John Hall ANKARA (Reuters) - Envoys met.", "Envoys met."),
        ("Sen. Ann Low (D-N.Y.) said it was over.", "Sen. Ann Low said it was over."),
        ("Sen. Ann Low, D-N.Y., said it was over.", "Sen. Ann Low said it was over."),
        ("The World Health Organization (WHO) met on Friday.", "The World Health Organization met on Friday."),
        ("Ann Low, 45, was named envoy.", "Ann Low was named envoy."),
        ("Ann Low, who leads the party of Norland, said it was over.", "Ann Low said it was over."),
        ("Meanwhile, envoys met in Vienna.", "Envoys met in Vienna."),
        ("Envoys met in Vienna, according to a report by Northern Herald.", "Envoys met in Vienna."),
        ("Envoys met in Vienna, Northern Herald reported.", "Envoys met in Vienna."),
    ],
)
def test_what_bears_on_nothing_goes(sentence, shorter):
    assert compress(sentence, "Northern Herald") == shorter


@pytest.mark.parametrize(
    "sentence",
    [
        "Envoys met in Vienna on Friday.",
        "U.S. forces struck a vessel.",
        "EU – China talks opened in Vienna.",
        "NATO - the alliance - met on Friday.",
        "Ann Low, who is accused of fraud, said it was over.",
        "Ann Low, who may stand in March, said it was over.",
        "Ann Low, who was not invited, said it was over.",
        "Ann Low, who has to win every seat, said it was over.",
        "-5 degrees were measured in Vienna.",
        "The law, which Ann Low, 45, was to sign, lapsed.",
        "“The World Health Organization (WHO) is late,” said Ann Low.",
        "The World Health Organization (WHO) met; the WHO was late.",
        "The port of Brill (UAE) was shut.",
        "Envoys met in Vienna, Southern Herald reported.",
        "Envoys reportedly met in Vienna, according to officials.",
        "Envoys met (at 15:00 local time) in Vienna.",
        "",
    ],
)
def test_what_bears_on_the_claim_stays(sentence):
    assert compress(sentence, "Northern Herald") == sentence


PIECES = st.sampled_from(
    [
        "ANKARA (AFP) —", "Ann Low, 45, said", "not", "(D-N.Y.)", "(WHO)", "“we will not go”", "Meanwhile,", "who denies it,",
        "Mark Hall, who leads Norland, said", "reportedly", "if", "on 4 February", "on Friday,", "World Health Organization",
        "according to Herald", "Herald reported.", "may", "claims that", "(15:00 GMT)", "U.S.", "—", ".", ",",
    ]
)  # fmt: skip
KEPT = re.compile(r"\b(?:not|if|may|claims|reportedly|denies|february|friday|15:00)\b|[“”]")


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_words_are_only_left_out_and_none_that_bears_on_the_claim(sentence):
    shorter = compress(sentence, "Herald")
    words = iter(re.findall(r"\w+", sentence.casefold()))
    assert all(word in words for word in re.findall(r"\w+", shorter.casefold()))
    assert KEPT.findall(shorter.casefold()) == KEPT.findall(sentence.casefold())

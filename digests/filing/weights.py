"""How much each piece of evidence counts for two articles being of one story, as learned from labelled pairs.

A logistic regression over pairs of headlines of world politics that two annotators grouped, and of titles with leads
that editors grouped. `leads` is raised by hand, so that one threshold serves titles alone and titles with leads.
"""

INTERCEPT = -3.77
WEIGHTS = {
    "titles": 0.262,
    "root_titles": -0.282,
    "wholes": 0.371,
    "root_wholes": 0.552,
    "rarest": 0.061,
    "second_rarest": 0.336,
    "rarest_in_titles": 0.083,
    "overlap": 1.056,
    "log_gap": -0.197,
    "days": -1.081,
    "over_20_hours": -1.035,
    "same_outlet": -0.251,
    "same_number": 0.338,
    "other_numbers": 0.889,
    "same_speaker": 0.887,
    "other_speakers": -0.108,
    "leads": 0.123,
    "wholes_with_leads": 7.657,
    "one_is_no_report": -1.886,
    "same_kind": -1.638,
    "same_phase": 0.09,
    "other_phases": -0.235,
    "one_second_day": -0.646,
    "titles_same_day": 1.523,
    "wholes_same_day": 1.544,
    "same_hours": 0.87,
    "rarest_same_day": -0.033,
    "second_rarest_same_day": -0.158,
}

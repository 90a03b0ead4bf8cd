"""What was filed becomes a digest: ranking.py, novelty.py, condense.py decide, compose.py is the pass, press.py its memory.

selection.py, merit.py, quotable.py, compression.py, repetition.py, news.py which sentences · titles.py, speakers.py, voices.py whose headline
flags.py, compare.py, positions.py, outlook.py who says what · pages.py, read_pages.py the pages of what will be shown
"""

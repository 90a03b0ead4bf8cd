"""What was filed becomes a digest: ranking.py, novelty.py, condense.py decide, compose.py is the pass."""

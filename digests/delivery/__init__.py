"""Digests reach people, once each: editions.py says what is due (pure), deliver.py is the pass."""

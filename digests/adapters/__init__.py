"""The world: the only rooms with I/O, each behind a port of digests/ports.py, imported by bot/wiring.py and the stores alone."""

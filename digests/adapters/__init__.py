"""The world: the only rooms with I/O, each behind a port of digests/ports.py, each imported by bot/wiring.py alone."""

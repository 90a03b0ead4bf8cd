"""The embedded default for everything but subscriptions: one SQLite file, a module a noun over one Database."""

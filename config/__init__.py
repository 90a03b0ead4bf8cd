"""What an operator may set: settings.py from the environment, catalogue.py from topics/*.toml and feeds.toml."""

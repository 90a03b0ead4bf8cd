"""Words and sentences, pure: markup.py clean text · tokens.py terms that can be compared · sentences.py."""

"""A strict Bot API server on loopback: for tests, and for people without a token."""

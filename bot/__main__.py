"""`python -m bot`, and what the children of the parser's pool import first: so nothing else stands at the top."""

import sys

if __name__ == "__main__":
    import signal

    def end(number: int, _: object) -> None:
        """Until the bot itself listens: nothing is begun yet, and a supervisor is told that all is well."""
        signal.signal(number, signal.SIG_IGN)  # it may be said once more
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)

    from bot.cli import main

    status = main(sys.argv[1:])
    for word in (signal.SIGTERM, signal.SIGINT):  # while the interpreter comes down
        signal.signal(word, signal.SIG_IGN)
    sys.exit(status)

"""`python -m bot`, and what the children of the parser's pool import first: so nothing else stands at the top."""

import sys

if __name__ == "__main__":
    import signal

    # Until the bot listens for it: nothing is begun yet, and a supervisor is told that all is well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    from bot.cli import main

    status = main(sys.argv[1:])
    for word in (signal.SIGTERM, signal.SIGINT):  # said once more while the interpreter comes down
        signal.signal(word, signal.SIG_IGN)
    sys.exit(status)

"""`python -m bot`, and what the children of the parser's pool import first: so nothing else stands at the top."""

import sys

if __name__ == "__main__":
    from bot.cli import main

    sys.exit(main(sys.argv[1:]))

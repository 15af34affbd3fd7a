"""``python -m searcher``, and ``searcher`` where it is installed: the command line."""

import signal
import sys
from typing import NoReturn


def main() -> int:
    """The command line, whose first import may be interrupted like the rest of it.

    A request to terminate ends it as Ctrl-C does: what was begun is tidied up.
    """
    signal.signal(signal.SIGTERM, interrupt)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as it is in the background
        signal.signal(signal.SIGINT, interrupt)
    try:
        from searcher.cli import main as run

        return run()
    except KeyboardInterrupt:
        print("searcher: Interrupted.", file=sys.stderr)
        return 130


def interrupt(*_: object) -> NoReturn:
    """End the command; who asks again waits as well until it is tidied up."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main())

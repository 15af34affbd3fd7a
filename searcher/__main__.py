"""``python -m searcher``, and ``searcher`` where it is installed: the command line."""

import signal
import sys


def main() -> int:
    """The command line, whose first import may be interrupted like the rest of it.

    A request to terminate ends it as Ctrl-C does: what was begun is tidied up.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from searcher.cli import main as run

        return run()
    except KeyboardInterrupt:
        print("searcher: Interrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    raise SystemExit(main())

"""``python -m searcher``: the command line."""

from searcher.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

"""``python -m bench``: the measurement of speed; see ``bench.speed`` for what it takes."""

import sys

from bench.speed import main

sys.exit(main())

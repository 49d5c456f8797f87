"""Run ``python -m bench.index``."""

from bench.index.run import main

main()

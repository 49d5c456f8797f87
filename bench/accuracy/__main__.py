"""Run ``python -m bench.accuracy``."""

from bench.accuracy.run import main

main()

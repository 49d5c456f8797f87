"""Run ``python -m bench.stories``."""

from bench.stories.run import main

main()

"""What a slot of a signature holds that nothing fell into."""

from __future__ import annotations

import numpy as np

# It never counts as equal.
EMPTY = np.uint32(0xFFFFFFFF)

"""The hot code: arrays and scalars in, arrays out, compiled by numba and cached."""

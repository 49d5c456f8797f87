"""Adapters to other libraries, one file each. Each needs its library installed."""

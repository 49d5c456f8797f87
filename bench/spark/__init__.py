"""Runs on Spark compared with reports on one machine."""

"""Printers: model values in, lines of text out. They compute nothing about reuse."""

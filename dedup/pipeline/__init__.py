"""All stages in order: report, comparison, explanation, filter."""

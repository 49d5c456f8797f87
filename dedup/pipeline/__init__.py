"""All steps in order: a report, a comparison, an explanation, a filter."""

"""Why some mutants may live: what the changed line does shows in no result."""

REASONS = {}


def reason(line):
    """Return why this mutant is no gap in the tests, by the part of the line that tells it."""
    for part, why in REASONS.items():
        if part in line:
            return why
    return "no test notices yet"

"""The documented history: dates, the model, the TOML loader, and matching a log against it."""

from negosim.record.dates import Span, parse_duration
from negosim.record.load import load_record, read_record
from negosim.record.matching import (
    Timing,
    Verdict,
    is_like,
    judge,
    matches,
    nearest,
    timing,
    window,
)
from negosim.record.model import (
    BeliefPattern,
    Cite,
    Conflict,
    Coverage,
    DocumentedDecision,
    Fact,
    Name,
    Pattern,
    Record,
    Source,
    Target,
    Version,
)

__all__ = [
    "BeliefPattern",
    "Cite",
    "Conflict",
    "Coverage",
    "DocumentedDecision",
    "Fact",
    "Name",
    "Pattern",
    "Record",
    "Source",
    "Span",
    "Target",
    "Timing",
    "Verdict",
    "Version",
    "is_like",
    "judge",
    "load_record",
    "matches",
    "nearest",
    "parse_duration",
    "read_record",
    "timing",
    "window",
]

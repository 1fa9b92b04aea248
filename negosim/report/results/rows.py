"""Results as tidy rows: one observation each, the same columns in all, ready for a data frame."""

from __future__ import annotations

from functools import singledispatch
from typing import Any, TypeAlias

from attrs import asdict

from negosim.lab.calibration.simulation_based_calibration import Recovery
from negosim.lab.comparison.model_comparison import Rivals
from negosim.lab.counterfactual.explanation import Comparison
from negosim.lab.counterfactual.illustration import Example
from negosim.lab.counterfactual.results import WhatIf
from negosim.lab.ensembles.study import StudyResult
from negosim.lab.forecast.forecast import Forecast
from negosim.lab.forecast.turning_points import Turns
from negosim.lab.replay.results import Replay, Share
from negosim.report.results.fact import fact_json
from negosim.stories.loading import Story

Rows: TypeAlias = list[dict[str, Any]]
AS_ASKED = "as asked"
"""The name of the answer itself among its variants."""


@singledispatch
def rows(answer: object) -> Rows:
    """The rows of a result. Raises TypeError for what has none."""
    raise TypeError(f"a {type(answer).__name__} has no rows")


@rows.register(Story)
def _story(story: Story) -> Rows:
    """One per fact of the record."""
    record = story.documented
    return [fact_json(record, fact) for fact in record.facts]


@rows.register(Replay)
def _replay(replay: Replay) -> Rows:
    """One per fact; a share stands in three columns: itself, its error, its effective sample."""
    found = []
    for one in replay.facts:
        row: dict[str, Any] = {}
        for name, value in asdict(one, recurse=False).items():
            if name in ("share", "random", "blind"):
                row.update(_share(name, value))
            elif name in ("earliest", "latest", "at"):
                row[name] = None if value is None else replay.calendar.iso(value)
            else:
                row[name] = value
        found.append(row)
    return found


def _share(name: str, share: Share | None) -> dict[str, float | None]:
    return {
        name: share.mean if share else None,
        f"{name}_se": share.se if share else None,
        f"{name}_ess": share.ess if share else None,
    }


@rows.register(WhatIf)
def _whatif(answer: WhatIf) -> Rows:
    """One per outcome and assumption, the answer as it was asked first; none where it is refused."""
    if answer.refused:
        return []
    return [
        {
            "question": answer.question, "outcome": one.name, "documented": one.happened, "assumption": name,
            "without": here, "with": twin, "effect": twin - here,
            "low": one.low if name == AS_ASKED else None, "high": one.high if name == AS_ASKED else None,
        }
        for one in answer.outcomes
        for name, here, twin in ((AS_ASKED, one.factual, one.counterfactual), *one.variants)
    ]  # fmt: skip


@rows.register(Example)
def _example(found: Example) -> Rows:
    """One per aligned entry, at its hour."""
    iso = found.scenario.calendar.iso
    return [{**row, "at": iso(row["minute"])} for row in rows(found.comparison)]


@rows.register(Comparison)
def _comparison(found: Comparison) -> Rows:
    """One per aligned entry of both runs."""
    return [
        {
            "how": row.how, "minute": row.minute, "event": entry.event.name, "by": entry.event.by,
            "first": row.factual and row.factual.index, "second": row.twin and row.twin.index,
        }
        for row in found.rows
        if (entry := row.factual or row.twin) is not None
    ]  # fmt: skip


@rows.register(Forecast)
def _forecast(found: Forecast) -> Rows:
    """One per outcome."""
    return [{"from": found.calendar.iso(found.begins), **asdict(one)} for one in found.outcomes]


@rows.register(Turns)
def _turns(found: Turns) -> Rows:
    """One per turn and outcome."""
    return [
        {
            "turn": place, "by": found.calendar.iso(turn.minute), "address": turn.address, "chose": turn.chose,
            "ess": turn.ess, **asdict(one), "turned": one.name in turn.turned,
        }
        for place, turn in enumerate(found.turns)
        for one in turn.outcomes
    ]  # fmt: skip


@rows.register(Rivals)
def _rivals(found: Rivals) -> Rows:
    """One per account and prior scale."""
    return [
        {"topic": found.topic, "account": one.name, "prior": one.prior, "posterior": one.posterior, **asdict(each)}
        for one in found.rivals
        for each in one.weighed
    ]


@rows.register(StudyResult)
def _study(found: StudyResult) -> Rows:
    """One per outcome."""
    return [
        {"outcome": name, "share": share, "low": low, "high": high, "runs": found.runs, "failed": found.failed}
        for name, (share, low, high) in found.known.items()
    ]


@rows.register(Recovery)
def _recovery(found: Recovery) -> Rows:
    """One row."""
    return [{**asdict(found), "verdict": found.verdict}]

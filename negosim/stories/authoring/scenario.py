"""A scenario with everything that its record already says: title, name, clock, zone and words.

What an author still writes is who plays which part, how they can be heard, and what they decide.
Weights are declared by being used: every reason of a decision has one, with the default prior
unless ``weights`` says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from negosim.core.errors import RecordError
from negosim.record.load import load_record
from negosim.sim.decisions import Choice, Decision, Weight, decisions_of
from negosim.sim.scenario import Scenario

if TYPE_CHECKING:
    from types import ModuleType

    from negosim.core.actors import Actor, Channel
    from negosim.record.model import Record
    from negosim.sim.seat import Part

Question: TypeAlias = Decision[Any] | type[Choice]
"""A decision, or the ``Choice`` that declares one."""

RECORD = "record.toml"

DEFAULT_PRIOR = Weight(
    2000, 700,
    "One prior for every weight: a reason at full strength multiplies the odds by about seven, give or "
    "take a factor of two (a weakly informative logit prior on unit-scaled reasons, Gelman et al. 2008).",
)  # fmt: skip
"""In thousandths; the same for all reasons, so that no weight can be fitted to the record."""


SOME, MUCH, ALL = 300, 600, 1000
"""Three sizes of a reason, in thousandths, for stories that distinguish no more."""


def scenario_from_record(
    beside: str | Path,
    *,
    cast: Mapping[Actor, Part | Sequence[Part]],
    channels: Sequence[Channel],
    decisions: Sequence[Question] = (),
    actors: Iterable[Actor] = (),
    prior: Weight = DEFAULT_PRIOR,
    weights: Mapping[Actor, Mapping[str, Weight]] | None = None,
    happenings: Iterable[str] = (),
    **settings: Any,
) -> Scenario:
    """The scenario of the record that lies beside a file: ``scenario_from_record(__file__, ...)``.

    ``cast`` gives each actor its part or parts; ``actors`` are those without a part. ``decisions``
    are decisions or ``Choice`` classes with an actor. ``happenings`` are added to those that the
    record feeds in. Everything else goes to ``Scenario`` as it is. Raises RecordError for a record
    that is not there or not sound, and what ``Scenario`` raises.
    """
    folder = Path(beside).resolve().parent
    record = record_beside(folder)
    declared = tuple(decision for question in decisions for decision in decisions_of(question))
    given = [fact.event for fact in record.of_kind("given") if fact.event]
    return Scenario(
        name=settings.pop("name", folder.name.replace("_", "-").lower()),
        title=settings.pop("title", record.title),
        calendar=settings.pop("calendar", record.calendar),
        ends=settings.pop("ends", record.ends),
        actors=tuple(dict.fromkeys((*actors, *cast))),
        channels=tuple(channels),
        cast={actor: _parts(parts) for actor, parts in cast.items()},
        decisions=declared,
        weights=weights_used(declared, prior, weights or {}),
        happenings=tuple(dict.fromkeys((*happenings, *given))),
        words={**record.words, **settings.pop("words", {})},
        **settings,
    )


def _parts(parts: Part | Sequence[Part]) -> tuple[Part, ...]:
    """One part alone, or several; a text, which a scenario complains about, is one."""
    return tuple(parts) if isinstance(parts, Sequence) and not isinstance(parts, str) else (parts,)


def decisions_in(*modules: ModuleType) -> tuple[Decision[Any], ...]:
    """Every decision that these modules of a story declare, in the order written."""
    return tuple(
        decision
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Decision) or getattr(value, "__module__", "") == module.__name__
        for decision in ((value,) if isinstance(value, Decision) else getattr(value, "decisions", ()))
    )


def weights_used(
    decisions: Iterable[Decision[Any]], prior: Weight, named: Mapping[Actor, Mapping[str, Weight]]
) -> dict[Actor, dict[str, Weight]]:
    """A weight for every reason of every decision, by actor; ``named`` weights come before the ``prior``."""
    weights = {actor: dict(priors) for actor, priors in named.items()}
    for decision in decisions:
        of_actor = weights.setdefault(decision.actor, {})
        for option in decision.menu.values():
            for reason in option.reasons:
                of_actor.setdefault(reason, prior)
    return weights


def record_beside(folder: Path) -> Record:
    """The record in a story's folder. Raises RecordError where there is none, or with its mistakes."""
    path = folder / RECORD
    if not path.exists():
        raise RecordError((f"{path} does not exist; scenario_from_record reads title and clock from it",))
    return load_record(path)

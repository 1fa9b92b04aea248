"""GENIUS: a domain in one XML file, each party's profile in another (Lin et al. 2014)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from negosim.core.errors import BadValue
from negosim.parts.files.problem import Problem, Profile, normalised, number, one_name_each
from negosim.parts.files.xml import parsed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

MOST_VALUES = 10_000
"""How many values an integer issue may have to be listed."""


def read_domain(content: bytes, what: str = "the GENIUS domain") -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The issues of a GENIUS domain, in its order, each with the names of its values.

    Discrete and integer issues are read; a real-valued one is refused, because its outcomes cannot be
    listed. Raises BadValue, naming ``what`` and the issue.
    """
    root = parsed(content, what)
    if root.tag not in ("negotiation_template", "utility_space"):
        raise BadValue(f"{what}: its root is <{root.tag}>, so it is no domain of GENIUS (<negotiation_template>)")
    issues = tuple((_name(issue, what), tuple(_values(issue, what))) for issue in _issues(root, what))
    one_name_each(issues, what)
    return issues


def read_profile(
    content: bytes, issues: Sequence[tuple[str, Sequence[str]]], what: str = "the GENIUS profile"
) -> Profile:
    """A GENIUS profile as utilities over these issues.

    As in GENIUS, an evaluation is divided by the highest of its issue, an integer issue is worth
    ``offset + slope (value - lowest)`` cut to 0 to 1, and weights are normalised to sum 1. Non-linear
    profiles are refused.
    """
    root = parsed(content, what)
    if root.get("type", "").lower() == "nonlinear" or root.find(".//utility_functions") is not None:
        raise BadValue(f"{what}: it is a non-linear profile; only additive ones are read")
    by_name = {_name(issue, what): issue for issue in _issues(root, what)}
    for name, _ in issues:
        if name not in by_name:
            raise BadValue(f"{what}: it says nothing on the issue {name!r} of the domain")
    given = {
        weight.get("index"): number(weight.get("value"), f"{what}: a weight") for weight in root.iter("weight")
    }
    weights = [given.get(by_name[name].get("index"), 0.0) for name, _ in issues]
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise BadValue(f"{what}: its weights must be 0 or more and not all 0; they are {weights}")
    worth = [
        [weight / total * evaluation for evaluation in _evaluations(by_name[name], options, what)]
        for (name, options), weight in zip(issues, weights, strict=True)
    ]
    return normalised(
        root.get("name") or what, worth, reservation=_single(root, "reservation", 0.0, what),
        discount=_single(root, "discount_factor", 1.0, what) or 1.0,
    )  # fmt: skip


def write(problem: Problem) -> dict[str, str]:
    """The problem as GENIUS files: ``NAME.xml`` and one ``NAME-profile-k.xml`` a party, by file name."""
    files = {f"{problem.name}.xml": _domain_text(problem)}
    for number_, profile in enumerate(problem.profiles, 1):
        files[f"{problem.name}-profile-{number_}.xml"] = _profile_text(problem, profile)
    return files


def _issues(root: Element, what: str) -> list[Element]:
    issues = list(root.iter("issue"))
    if not issues:
        raise BadValue(f"{what}: it has no <issue>")
    return issues


def _name(issue: Element, what: str) -> str:
    name = issue.get("name")
    if not name:
        raise BadValue(f"{what}: an issue has no name")
    return name


def _values(issue: Element, what: str) -> list[str]:
    name = _name(issue, what)
    kind = issue.get("vtype") or issue.get("type") or "discrete"
    if kind == "real":
        raise BadValue(f"{what}: issue {name!r} is real-valued; write the values that matter as a discrete issue")
    items = [item.get("value") or "" for item in issue.iter("item")]
    if items:
        return items
    lowest, highest = _bounds(issue, name, what)
    return [str(value) for value in range(lowest, highest + 1)]


def _bounds(issue: Element, name: str, what: str) -> tuple[int, int]:
    bounds = issue if issue.get("lowerbound") is not None else next(issue.iter("range"), issue)
    ends = ("lowerbound", "upperbound")
    lowest, highest = (int(number(bounds.get(end), f"{what}: {end} of {name!r}")) for end in ends)
    if not 0 <= highest - lowest < MOST_VALUES:
        raise BadValue(f"{what}: issue {name!r} runs from {lowest} to {highest}; up to {MOST_VALUES} values are read")
    return lowest, highest


def _evaluations(issue: Element, options: Sequence[str], what: str) -> list[float]:
    """What each option is worth, 0 to 1, by its name."""
    name = _name(issue, what)
    evaluator = next(issue.iter("evaluator"), None)
    if evaluator is not None and not list(issue.iter("item")):
        slope, offset = (number(evaluator.get(part), f"{what}: {part} of {name!r}") for part in ("slope", "offset"))
        lowest, _ = _bounds(issue, name, what)
        return [min(max(offset + slope * (number(x, f"{what}: {name!r}") - lowest), 0.0), 1.0) for x in options]
    given = {item.get("value"): number(item.get("evaluation"), f"{what}: {name!r}") for item in issue.iter("item")}
    for option in options:
        if option not in given:
            raise BadValue(f"{what}: issue {name!r} has no evaluation of {option!r}")
    top = max(given.values())
    if top <= 0 or min(given.values()) < 0:
        raise BadValue(f"{what}: the evaluations of {name!r} must be 0 or more, one of them above 0")
    return [given[option] / top for option in options]


def _single(root: Element, tag: str, default: float, what: str) -> float:
    element = root.find(f".//{tag}")
    return default if element is None else number(element.get("value"), f"{what}: <{tag}>")


def _domain_text(problem: Problem) -> str:
    lines = ["<negotiation_template>", f'<utility_space number_of_issues="{len(problem.issues)}">',
             '<objective index="0" etype="objective" type="objective" description="" name="root">']  # fmt: skip
    for index, (name, options) in enumerate(problem.issues, 1):
        lines.append(_issue_tag(index, name))
        lines += [f'<item index="{n}" value={quoteattr(x)} description=""/>' for n, x in enumerate(options, 1)]
        lines.append("</issue>")
    return "\n".join([*lines, "</objective>", "</utility_space>", "</negotiation_template>", ""])


def _profile_text(problem: Problem, profile: Profile) -> str:
    lines = [f'<utility_space number_of_issues="{len(problem.issues)}">',
             '<objective index="0" etype="objective" type="objective" description="" name="root">']  # fmt: skip
    scale, worth = _full_scale(profile)
    for index, ((name, options), values) in enumerate(zip(problem.issues, worth, strict=True), 1):
        lines.append(_issue_tag(index, name))
        for number_, (option, value) in enumerate(zip(options, values, strict=True), 1):
            lines.append(f'<item index="{number_}" value={quoteattr(option)} evaluation="{value!r}"/>')
        lines.append("</issue>")
    lines += [f'<weight index="{index}" value="{weight!r}"/>' for index, weight in enumerate(scale, 1)]
    lines += ["</objective>", f'<discount_factor value="{profile.discount!r}"/>',
              f'<reservation value="{profile.reservation!r}"/>', "</utility_space>", ""]  # fmt: skip
    return "\n".join(lines)


def _issue_tag(index: int, name: str) -> str:
    return f'<issue index="{index}" etype="discrete" type="discrete" vtype="discrete" name={quoteattr(name)}>'


def _full_scale(profile: Profile) -> tuple[list[float], list[list[float]]]:
    """Weights and values for a format that divides each issue's values by its highest.

    Such a format cannot say that the best outcome is worth less than 1; then it is refused.
    """
    tops = [max(values) for values in profile.values]
    weights = [weight * top for weight, top in zip(profile.weights, tops, strict=True)]
    if abs(sum(weights) - 1) > 1e-6:
        raise BadValue(f"profile {profile.name!r}: its best outcome is worth {sum(weights):.6f}; GENIUS needs 1")
    values = [[x / top if top else 1.0 for x in row] for row, top in zip(profile.values, tops, strict=True)]
    return weights, values

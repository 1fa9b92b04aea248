"""The field's files: read, written, read again; hostile ones refused; stories and logs made of them."""

from __future__ import annotations

import ast
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negosim import Prior, load, play
from negosim.core.errors import BadValue, NegosimError, NotFound
from negosim.core.events import Agreed, Offered, Promised
from negosim.core.talks import fold
from negosim.parts.domain import Domain, issue_of
from negosim.parts.files import genius, negmas_scenario, negolog
from negosim.parts.files.problem import Problem, Profile, normalised
from negosim.parts.files.reading import read_problem
from negosim.parts.files.story import story_files
from negosim.parts.files.trace import log_of_trace, read_trace
from negosim.parts.files.xml import MOST_BYTES, parsed
from negosim.parts.preferences import Preferences
from negosim.parts.solutions import points as p
from negosim.testing import laws
from tests.parts.tables import ANN, BOB, WAY

if TYPE_CHECKING:
    from pathlib import Path

DOMAIN_XML = """<?xml version="1.0" encoding="UTF-8"?>
<negotiation_template>
 <utility_space number_of_issues="2">
  <objective index="0" name="party" type="objective" etype="objective" description="">
   <issue index="1" name="Food" type="discrete" vtype="discrete" etype="discrete">
    <item index="1" value="Bread &amp; cheese"/><item index="2" value="Soup"/>
   </issue>
   <issue index="2" name="Guests" type="integer" vtype="integer" etype="integer" lowerbound="2" upperbound="4"/>
  </objective>
 </utility_space>
</negotiation_template>
"""
PROFILE_XML = """<utility_space number_of_issues="2">
 <objective index="0" name="party" type="objective" etype="objective" description="">
  <issue index="1" name="Food" type="discrete" vtype="discrete" etype="discrete">
   <item index="1" value="Bread &amp; cheese" evaluation="10"/><item index="2" value="Soup" evaluation="5"/>
  </issue>
  <issue index="2" name="Guests" type="integer" vtype="integer" etype="integer" lowerbound="2" upperbound="4">
   <evaluator ftype="linear" offset="0.2" slope="0.4"/>
  </issue>
  <weight index="1" value="0.6"/><weight index="2" value="0.4"/>
 </objective>
 <discount_factor value="0.5"/>
 <reservation value="0.25"/>
</utility_space>
"""
SPACE = {
    "type": "DiscreteCartesianOutcomeSpace", "name": "dom", "path": None,
    "issues": [
        {"type": "CategoricalIssue", "name": "Price", "values": ["a", "b", "c"]},
        {"type": "ContiguousIssue", "name": "n", "values": [0, 2]},
    ],
}  # fmt: skip
UFUN = {
    "type": "LinearAdditiveUtilityFunction", "name": "A", "reserved_value": 0.2, "reserved_outcome": None,
    "values": [
        {"type": "TableFun", "mapping": {"a": 0.0, "b": 0.5, "c": 1.0}},
        {"type": "TableFun", "mapping": {"0": 1.0, "1": 0.3, "2": 0}},
    ],
    "weights": [0.7, 0.3],
}  # fmt: skip
UFUN_YAML = """name: B
type: LinearAdditiveUtilityFunction
reserved_value: 0.1
values:
- type: TableFun
  mapping:
    a: 1.0
    b: 0.5
    c: 0
- type: TableFun
  mapping:
    0: 0
    1: 0.5
    2: 1.0
weights:
- 0.5
- 0.5
"""
BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<negotiation_template>&b;</negotiation_template>"""
ISSUES = (("Food", ("bread", "soup")), ("Size", ("1", "2", "3")))


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def utilities(problem: Problem) -> list[tuple[int, ...]]:
    return [wants.utilities for wants in problem.preferences(ANN)]


@st.composite
def drawn(draw: st.DrawFn) -> Problem:
    """Profiles whose best outcome is worth 1, which is what every format can say."""
    text = st.text(min_size=1, max_size=6).filter(lambda x: any(y.isascii() and y.isalnum() for y in x))
    plain = text.filter(lambda x: x.isprintable())
    names = draw(st.lists(plain, min_size=1, max_size=3, unique=True))
    issues = tuple((name, tuple(f"o{k}" for k in range(draw(st.integers(2, 4))))) for name in names)
    profiles = []
    for number in range(2):
        parts = [draw(st.integers(1, 9)) for _ in issues]
        values = tuple(
            (1.0, *(draw(st.integers(0, 100)) / 100 for _ in options[1:])) for _, options in issues
        )
        weights = tuple(part / sum(parts) for part in parts)
        profiles.append(Profile(f"p{number}", weights, values, draw(st.integers(0, 9)) / 10))
    return Problem("drawn", issues, tuple(profiles))


# ── GENIUS ──────────────────────────────────────────────────────────────────────────────────────


def test_a_genius_domain_is_read_with_the_profile_beside_it(tmp_path: Path) -> None:
    write(tmp_path, {"party.xml": DOMAIN_XML, "party-a.xml": PROFILE_XML})
    problem = read_problem(tmp_path / "party.xml")
    assert problem.issues == (("Food", ("Bread & cheese", "Soup")), ("Guests", ("2", "3", "4")))
    (wants,) = problem.preferences(ANN)
    # by hand: 0.6 * (1, 0.5) + 0.4 * (0.2, 0.6, 1)
    assert wants.utilities == (680_000, 840_000, 1_000_000, 380_000, 540_000, 700_000)
    assert wants.floor == 250_000
    assert wants.discount == 0.5
    assert problem.preferences(ANN, days=2)[0].per(2 * 1440) == pytest.approx(0.5)


def test_an_issue_without_a_weight_counts_for_nothing() -> None:
    issues = genius.read_domain(DOMAIN_XML.encode())
    text = PROFILE_XML.replace('<weight index="2" value="0.4"/>', "")
    profile = genius.read_profile(text.encode(), issues)
    assert utilities(Problem("x", issues, (profile,)))[0][:3] == (1_000_000,) * 3


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('evaluation="5"', 'evaluation="five"', "no number"),
        ('evaluation="5"', 'evaluation="nan"', "no finite number"),
        ('evaluation="5"', 'evaluation="-1"', "0 or more"),
        ('value="Soup" ', 'value="Stew" ', "no evaluation of 'Soup'"),
        ('name="Guests"', 'name="Others"', "says nothing on the issue 'Guests'"),
        ("<utility_space ", '<utility_space type="NONLINEAR" ', "non-linear"),
        ('<weight index="1" value="0.6"/><weight index="2" value="0.4"/>', "", "not all 0"),
        ("</utility_space>", "", "no well-formed XML"),
    ],
)
def test_a_profile_that_is_not_understood_is_refused(old: str, new: str, why: str) -> None:
    assert old in PROFILE_XML
    with pytest.raises(BadValue, match=why):
        genius.read_profile(PROFILE_XML.replace(old, new).encode(), genius.read_domain(DOMAIN_XML.encode()))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('vtype="integer"', 'vtype="real"', "real-valued"),
        ('upperbound="4"', 'upperbound="400000000"', "values are read"),
        ('upperbound="4"', 'upperbound="1"', "runs from 2 to 1"),
        ('value="Soup"', 'value="Bread &amp; cheese"', "different names"),
        ('name="Guests"', 'name="Food"', "names of their own"),
        ("negotiation_template>", "something_else>", "no domain of GENIUS"),
    ],
)
def test_a_domain_that_is_not_understood_is_refused(old: str, new: str, why: str) -> None:
    with pytest.raises(BadValue, match=why):
        genius.read_domain(DOMAIN_XML.replace(old, new).encode())


# ── hostile files ───────────────────────────────────────────────────────────────────────────────


def test_entities_and_declarations_are_refused() -> None:
    for text in (BOMB, BOMB.replace("&b;", ""), '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'):
        with pytest.raises(BadValue, match="declares a document type"):
            parsed(text.encode(), "bomb.xml")


def test_deep_and_large_files_are_refused() -> None:
    with pytest.raises(BadValue, match="deeper than 20 levels"):
        parsed(("<x>" * 10_000).encode(), "deep.xml")
    with pytest.raises(BadValue, match="at most 5,000,000 are read"):
        parsed(b"<x>" + b" " * MOST_BYTES + b"</x>", "large.xml")


def test_hostile_yaml_and_json_are_refused(tmp_path: Path) -> None:
    for text, why in (
        ("a: &a [x, x]\nb: [*a, *a]\n", "anchors"),
        ("[" * 100_000, "nested too deeply|neither JSON nor YAML"),
        ("{a: b: c", "neither JSON nor YAML"),
        ("!!python/object/apply:os.system ['true']", "neither JSON nor YAML"),
    ):
        (tmp_path / "bad.yml").write_text(text, encoding="utf-8")
        with pytest.raises(BadValue, match=why):
            read_problem(tmp_path / "bad.yml")


def test_yaml_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert negmas_scenario.document(json.dumps(SPACE).encode(), "x.yml") == SPACE
    with pytest.raises(NegosimError, match=r"pip install 'negosim\[yaml\]'"):
        negmas_scenario.document(UFUN_YAML.encode(), "x.yml")


def test_a_domain_too_large_to_list_is_refused() -> None:
    issues = tuple((f"i{k}", tuple(map(str, range(10)))) for k in range(7))
    with pytest.raises(BadValue, match="10,000,000 outcomes"):
        Problem("huge", issues, (normalised("p", [[k / 100 for k in range(10)]] * 7),)).preferences(ANN)


# ── NegMAS and NegoLog ──────────────────────────────────────────────────────────────────────────


def test_a_negmas_scenario_is_read_from_json_and_yaml(tmp_path: Path) -> None:
    write(tmp_path, {"dom.json": json.dumps(SPACE), "A.json": json.dumps(UFUN)})
    (a,) = utilities(read_problem(tmp_path / "dom.json"))
    # by hand: 0.7 * (0, 0.5, 1) + 0.3 * (1, 0.3, 0)
    assert a == (300_000, 90_000, 0, 650_000, 440_000, 350_000, 1_000_000, 790_000, 700_000)
    write(tmp_path, {"dom.yml": json.dumps(SPACE), "B.yml": UFUN_YAML})
    problem = read_problem(tmp_path / "dom.yml")
    assert utilities(problem)[0][:3] == (500_000, 750_000, 1_000_000)
    assert problem.profiles[0].reservation == 0.1
    both = read_problem(tmp_path / "dom.json", [tmp_path / "A.json", tmp_path / "B.yml"])
    assert utilities(both) == [a, utilities(problem)[0]]
    assert read_problem(tmp_path) == read_problem(tmp_path / "dom.json")


def test_functions_beside_tables_and_other_scales_are_read() -> None:
    """10 n + 5 for each price and a constant: shifted and stretched to 0 to 1, the reservation with it."""
    issues = negmas_scenario.read_domain(SPACE)
    data = {
        **UFUN, "weights": [1, 10], "bias": 5, "reserved_value": 10,
        "values": [{"type": "ConstFun", "bias": 0}, {"type": "IdentityFun"}],
    }  # fmt: skip
    profile = negmas_scenario.read_profile(data, issues)
    assert utilities(Problem("x", issues, (profile,)))[0] == (0, 500_000, 1_000_000) * 3
    assert profile.reservation == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"type": "HyperRectangleUtilityFunction"}, "only LinearAdditive"),
        ({"weights": [1]}, "one weight and one table"),
        ({"values": [{"type": "CosFun"}, {"type": "CosFun"}]}, "a TableFun is read"),
        ({"values": [UFUN["values"][0], {"type": "TableFun", "mapping": {"0": 1}}]}, "no value for '1'"),  # type: ignore[index]
        ({"values": None}, "one weight and one table"),
    ],
    ids=["type", "weights", "function", "table", "none"],
)
def test_a_utility_function_that_is_not_understood_is_refused(change: dict[str, Any], why: str) -> None:
    with pytest.raises(BadValue, match=why):
        negmas_scenario.read_profile({**UFUN, **change}, negmas_scenario.read_domain(SPACE))


@pytest.mark.parametrize("issue", [
    {"type": "ContinuousIssue", "name": "x", "values": [0, 1]},
    {"type": "ContiguousIssue", "name": "x", "values": [0, 10**9]},
    {"type": "CategoricalIssue", "name": "x", "values": [[1], [2]]},
    {"type": "CategoricalIssue", "values": ["a"]},
], ids=["continuous", "wide", "nested", "nameless"])  # fmt: skip
def test_an_issue_that_cannot_be_listed_is_refused(issue: dict[str, Any]) -> None:
    with pytest.raises(BadValue, match=r"issue"):
        negmas_scenario.read_domain({**SPACE, "issues": [issue]})


def domain_32(folder: Path) -> Path:
    """NegoLog's domain 32, as it stands in its two profiles."""
    rows = {
        "A": ((0.1, 0.37, 0.53), ((0.2, 0.36, 1.0), (0.2, 1.0, 0.66), (0.2, 0.91, 1.0))),
        "B": ((0.29, 0.41, 0.3), ((0.25, 1.0, 0.2), (1.0, 0.56, 0.2), (1.0, 0.2, 0.51))),
    }
    names, options = ("issueA", "issueB", "issueC"), ("valueA", "valueB", "valueC")
    for letter, (weights, values) in rows.items():
        data = {
            "reservationValue": 0.0, "issueWeights": dict(zip(names, weights, strict=True)),
            "issues": {n: dict(zip(options, row, strict=True)) for n, row in zip(names, values, strict=True)},
        }  # fmt: skip
        (folder / f"profile{letter}.json").write_text(json.dumps(data), encoding="utf-8")
    (folder / "specs.json").write_text('{"Name": "Domain32"}', encoding="utf-8")
    return folder


def test_a_negolog_domain_has_its_published_nash_point(tmp_path: Path) -> None:
    """domains/domain32/specs.json: Nash at 0.9360 and 0.6726, which is its point of largest welfare too."""
    a, b = utilities(read_problem(domain_32(tmp_path)))
    points = list(zip(a, b, strict=True))
    (nash,) = p.nash(points, (0, 0))
    assert points[nash] == (936_000, 672_600)
    assert p.utilitarian(points, (0, 0)) == (nash,)


def test_a_negolog_profile_that_is_not_understood_is_refused() -> None:
    data = {"issueWeights": {"x": 1}, "issues": {"x": {"a": 1, "b": 0}}}
    for change, why in (({"issues": {}}, "nothing on"), ({"issues": {"x": {"a": 1}}}, "no value for 'b'"), ({"issueWeights": {}}, "nothing")):
        with pytest.raises(BadValue, match=why):
            negolog.read_profile({**data, **change}, (("x", ("a", "b")),))
    with pytest.raises(BadValue, match="no table 'issues'"):
        negolog.read_domain({"issueWeights": {}})


@pytest.mark.parametrize("form", [genius, negmas_scenario, negolog], ids=["genius", "negmas", "negolog"])
@given(problem=drawn())
def test_what_is_written_reads_as_it_was(form: Any, tmp_path_factory: pytest.TempPathFactory, problem: Problem) -> None:
    folder = write(tmp_path_factory.mktemp("written"), form.write(problem))
    again = read_problem(folder)
    assert [name for name, _ in again.issues] == [name for name, _ in problem.issues]
    for before, after in zip(problem.profiles, again.profiles, strict=True):
        assert after.reservation == pytest.approx(before.reservation)
    if len({issue.lower() for issue, _ in problem.issues}) == len(problem.issues):
        for before, after in zip(_worth(problem), _worth(again), strict=True):
            assert after == pytest.approx(before, abs=1e-9)


def _worth(problem: Problem) -> list[list[float]]:
    """What each option adds to each profile's utility."""
    return [
        [weight * value for weight, values in zip(x.weights, x.values, strict=True) for value in values]
        for x in problem.profiles
    ]


def test_what_a_format_cannot_say_is_refused() -> None:
    poor = Profile("poor", (0.5, 0.5), ((0.5, 0.0), (1.0, 0.0, 0.5)))
    with pytest.raises(BadValue, match="best outcome is worth 0.75"):
        genius.write(Problem("x", ISSUES, (poor,)))
    with pytest.raises(BadValue, match="two profiles"):
        negolog.write(Problem("x", ISSUES, (poor,)))
    with pytest.raises(BadValue, match="does not fit the issues"):
        Problem("x", ISSUES, (Profile("odd", (1.0,), ((1.0,),)),))


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere.xml"):
        read_problem(tmp_path / "nowhere.xml")
    (tmp_path / "note.txt").write_text("x", encoding="utf-8")
    with pytest.raises(NotFound, match="no domain of GENIUS, NegMAS or NegoLog"):
        read_problem(tmp_path)


# ── names ───────────────────────────────────────────────────────────────────────────────────────


def test_names_of_files_become_slugs() -> None:
    issue = issue_of("Préis (EUR)", ["1,000 EUR", "2a", "yes/no"], ANN)
    assert [x.slug for x in issue] == ["pr-is-eur-1-000-eur", "pr-is-eur-2-a", "pr-is-eur-yes-no"]
    assert issue.owner == "ann"
    with pytest.raises(BadValue, match="two options that both read"):
        issue_of("x", ["a b", "a-b"], ANN)
    with pytest.raises(BadValue, match="no letter or digit"):
        issue_of("x", ["!!"], ANN)


def test_preferences_that_do_not_add_up_are_refused() -> None:
    issue = issue_of("x", ["a", "b"], ANN)
    domain, values = Domain("d", (issue,)), dict.fromkeys(issue, 1.0)
    with pytest.raises(BadValue, match="sum to 0.5, not to 1"):
        Preferences(domain=domain, weights={issue: 0.5}, values=values)
    with pytest.raises(BadValue, match="no value for the option"):
        Preferences(domain=domain, weights={issue: 1.0}, values={})
    with pytest.raises(BadValue, match="no share from 0 to 1"):
        Preferences(domain=domain, weights={issue: 1.0}, values=dict.fromkeys(issue, 2.0))
    with pytest.raises(BadValue, match="a factor a day"):
        Preferences(domain=domain, weights={issue: 1.0}, values=values, discount=0)


# ── a story, and a log ──────────────────────────────────────────────────────────────────────────


def test_a_domain_becomes_a_story_that_plays(tmp_path: Path) -> None:
    (tmp_path / "domain").mkdir()
    (tmp_path / "talks").mkdir()
    problem = read_problem(domain_32(tmp_path / "domain"))
    write(tmp_path / "talks", story_files(problem, "talks", "The talks"))
    story = load(tmp_path / "talks")
    assert story.scenario.name == "talks"
    first, second = problem.preferences(ANN)
    outcomes = {terms.slug for terms in first.domain.outcomes}
    deals = set()
    for seed in range(5):
        run = play(story.scenario, Prior(seed))
        assert {x.event.terms.slug for x in run.entries if isinstance(x.event, Offered)} <= outcomes
        deals |= {x.event.terms.slug for x in run.entries if isinstance(x.event, Agreed)}
    assert deals
    assert second.domain == first.domain


def test_names_in_a_file_cannot_become_code() -> None:
    nasty = 'x"""\nimport os #'
    issues = ((nasty, ("a'); boom(", 'b"""', "c\\")),)
    problem = Problem("nasty", issues, (Profile("p", (1.0,), ((0.0, 0.5, 1.0),)),) * 2)
    tree = ast.parse(story_files(problem, "nasty", nasty)["__init__.py"])
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert imported == []
    assert "boom" not in called
    with pytest.raises(BadValue, match="needs two"):
        story_files(Problem("x", ISSUES, ()), "x")


TRACE = """time,relative_time,step,negotiator,offer,responses,state,text,data,bo-51,co-ae
0.0,0.04,0,bo-51,"('c', 2)",{},continuing,,,1.0,0.2
0.0,0.04,0,co-ae,"('b', 0)",{},continuing,,,0.29,0.59
0.1,0.09,1,bo-51,,{},continuing,,,,
0.1,0.09,1,co-ae,"('b', 0)",{},continuing,,,0.29,0.59
0.2,0.66,2,bo-51,"('c', 1)",{'co-ae': <ResponseType.ACCEPT_OFFER: 0>},agreement,,,0.8,0.3
"""


def traced(text: str) -> Any:
    issues = negmas_scenario.read_domain(SPACE)
    problem = Problem("dom", issues, (negmas_scenario.read_profile(UFUN, issues),))
    domain = problem.preferences(ANN)[0].domain
    return log_of_trace(
        read_trace(text.encode()), problem, domain, {"bo": ANN, "co": BOB}, via=WAY, every=60
    )


def test_a_negmas_trace_becomes_a_log() -> None:
    entries = traced(TRACE)
    laws.causes_precede(entries)
    laws.every_promise_ends_once(entries)
    assert [x.event.name for x in entries] == ["offered"] * 4 + ["agreed", "promised", "promised"]
    assert [x.event.by for x in entries[:5]] == ["ann", "bob", "bob", "ann", "bob"]
    assert [x.minute for x in entries] == [0, 30, 90, 120, 121, 121, 121]
    assert entries[4].event.terms.slug == "n-1+price-c"
    assert entries[1].causes == (0,)
    assert {x.event.what for x in entries if isinstance(x.event, Promised)} == {"price-c", "n-1"}
    assert fold(x.event for x in entries).standing("offer", entries[3].event.offer) is None


def test_a_trace_may_be_json_rows() -> None:
    rows = [
        {"step": 0, "negotiator": "bo-1", "offer": ["c", 2], "responses": {}, "state": "continuing"},
        {"step": 0, "negotiator": "co-1", "offer": {"Price": "b", "n": 0}, "responses": {"bo-1": 0}, "state": "agreement"},
    ]
    assert [x.event.name for x in traced(json.dumps(rows))] == ["offered", "offered", "agreed", "promised", "promised"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("co-ae,", "stranger,", "negotiator 'stranger'"),
        ("('c', 1)", "('d', 1)", "no outcome of domain"),
        ("('c', 1)", "__import__('os')", "no list of values"),
        ("step,", "stage,", "columns 'step'"),
        ("0.0,0.04,0,", "0.0,0.04,zero,", "no whole step"),
    ],
)
def test_a_trace_that_is_not_understood_is_refused(old: str, new: str, why: str) -> None:
    with pytest.raises(BadValue, match=why):
        traced(TRACE.replace(old, new))

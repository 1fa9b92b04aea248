"""A first model drafted from a record: who is named, what was decided, and a part for each who acts.

The draft runs at once and explains nothing: every actor decides on the documented dates, for no
reason. What the author has to fill in is marked ``GAP``.
"""

from __future__ import annotations

import json
import keyword
from typing import TYPE_CHECKING

from attrs import frozen

import negosim
from negosim.core.actors import NATURE, Kind, slug
from negosim.core.errors import BadValue
from negosim.stories.record_alone import channels_of, plain_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negosim.record.model import DocumentedDecision, Fact, Pattern, Record

GAP = "GAP"
OTHERWISE = "otherwise"
"""The answer that a draft adds to each decision: nobody documented what else there was."""
EVEN = 500_000
"""Nature's odds in a draft, in millionths."""


@frozen(kw_only=True)
class Step:
    """One documented decision of an actor, with the fact it comes from."""

    fact: Fact
    stem: str
    key: str
    chose: str
    minute: int
    again: bool


@frozen
class Draft:
    """What a record says of a model."""

    record: Record
    actors: tuple[str, ...]
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, record: Record) -> Draft:
        """The draft for a record. Raises BadValue for an answer that cannot be a name in Python."""
        return cls(record, record.actors(), tuple(_steps(record)))

    def scenario(self, name: str) -> str:
        """The text of ``__init__.py``."""
        used = {"Actor", "scenario_from_record", "public"}
        channels = [self._channel(channel.id, channel.kind, used) for channel in channels_of(self.record)]
        known = [name for name, _ in channels]
        if not any(made.startswith("public") for _, made in channels):
            known.append("public()")
        body = [
            "# Who is at the table, and how they can be heard.",
            *(f'{variable(id)} = Actor("{id}", "{plain_name(id)}")' for id in self.actors),
            *(f"{name} = {made}  # {GAP}: secret or not, who speaks here, how slow is it?"
              for name, made in channels),
            "", "", *self._choices(used), *self._parts(used), *self._ends(known),
        ]  # fmt: skip
        imports = ", ".join(sorted(used, key=lambda name: (not name[0].isupper(), name)))
        head = [
            f'"""{_plain(self.record.title)}: a draft from its record; fill in what is marked {GAP}.', "",
            f"record.toml says what is documented, questions.toml what to ask, test_{name}.py what must hold.",
            '"""', "", "from __future__ import annotations", "", f"from negosim import {imports}", "",
        ]  # fmt: skip
        return "\n".join([*head, *body]) + "\n"

    def questions(self) -> str:
        """The text of ``questions.toml``: the first outcome, and what if the first decision were otherwise."""
        facts = [fact for fact in self.record.of_kind("outcome") if _simple(fact)]
        steps = [step for step in self.steps if not step.stem.startswith(f"{NATURE.id}.")]
        if not facts or not steps:
            return f"# {GAP}: which outcomes and which what-ifs are worth asking? See: negosim help questions\n"
        fact, step = facts[0], steps[0]
        expect = ", ".join(_pattern(pattern) for pattern in fact.expect)
        cites = ", ".join(f"{{ source = {_text(cite.source)}, at = {_text(cite.at)} }}" for cite in fact.cites)
        return (
            f"[[outcome]]\nid = {_text(fact.id.lower())}\nwhat = {_text(fact.what)}\ndate = {_text(fact.span.text)}\n"
            f"cites = [{cites}]\nexpect = [{expect}]\n\n"
            f'[[question]]\nid = "first"\nasks = "Had it been otherwise: {step.fact.id}?"  # {GAP}: ask it in words\n'
            f'change = ["{step.stem}[{step.key}]={OTHERWISE}"]\nabout = [{_text(fact.id.lower())}]\n'
            f'basis = "{GAP}: who considered it, in which source?"\n'
        )

    def _channel(self, id: str, kind: Kind, used: set[str]) -> tuple[str, str]:
        """A channel's variable, which is no actor's, and how it is made: between those whom facts name on it."""
        name = variable(id)
        name = f"{name}_channel" if name in map(variable, self.actors) else name
        facts = [fact for fact in self.record.facts if fact.channel == id]
        if "public" in id or (kind is Kind.PUBLIC and not any(fact.to for fact in facts)):
            return name, f'public(id="{id}")'
        speak = {person for fact in facts for person in (*fact.who, *fact.to)}
        members = [actor for actor in self.actors if actor in speak]
        make = "backchannel" if kind is Kind.BACKCHANNEL else "formal"
        used.add(make)
        return name, f'{make}("{id}", {", ".join(map(variable, members if len(members) > 1 else self.actors))})'

    def _stems(self) -> dict[str, list[Step]]:
        stems: dict[str, list[Step]] = {}
        for step in self.steps:
            if not step.stem.startswith(f"{NATURE.id}."):
                stems.setdefault(step.stem, []).append(step)
        return stems

    def _choices(self, used: set[str]) -> Iterator[str]:
        for stem, steps in self._stems().items():
            used.update(("Choice", "because"))
            actor, _, name = stem.partition(".")
            named = "" if slug(self._class(stem)) == name else f', name="{name}"'
            yield f"class {self._class(stem)}(Choice, by={variable(actor)}{named}):"
            yield f'    """{GAP}: what speaks for each answer? See: negosim help decisions."""'
            yield ""
            for chose, fact in {step.chose: step.fact for step in reversed(steps)}.items():
                yield f'    {member(chose)} = {_text(plain_name(chose).lower())}, because("{fact.id}: as documented")'
            if all(step.chose != OTHERWISE for step in steps):
                yield f'    OTHERWISE = "decides otherwise", because("{GAP}: what else was considered, and by whom?")'
            yield from ("", "")

    def _class(self, stem: str) -> str:
        """The name of a decision's class: the question's, or with its actor where two ask the same."""
        actor, _, name = stem.partition(".")
        alone = sum(other.partition(".")[2] == name for other in self._stems()) == 1
        camel = "".join(word.capitalize() for word in (name if alone else f"{actor}-{name}").split("-"))
        return f"{camel}Choice" if hasattr(negosim, camel) or not camel.isidentifier() else camel

    def _parts(self, used: set[str]) -> Iterator[str]:
        for actor in self._acting():
            used.update(("Play", "Seat"))
            yield f"def {variable(actor)}_acts(seat: Seat) -> Play:"
            yield f'    """{GAP}: what does it react to? Here it decides on the documented dates."""'
            asked = [
                step for step in self.steps
                if step.stem.partition(".")[0] == actor or (actor == self._acting()[0] and self._natural(step))
            ]  # fmt: skip
            if not asked:
                yield "    yield from seat.pause()"
            for step in asked:
                yield from self._ask(step)
            for fact in self.record.of_kind("outcome"):
                for pattern in fact.expect:
                    if not pattern.absent and _doer(fact, pattern) == actor:
                        yield f"    # {GAP}: {fact.id} must follow: {pattern.event} {pattern.what}".rstrip()
            yield from ("", "")

    def _natural(self, step: Step) -> bool:
        return step.stem.startswith(f"{NATURE.id}.")

    def _ask(self, step: Step) -> Iterator[str]:
        when = self.record.calendar.local(step.minute)
        yield f'    yield from seat.pause(until=seat.calendar.at("{when:%Y-%m-%dT%H:%M}"))'
        if self._natural(step):
            name = step.stem.partition(".")[2]
            yield f'    seat.chance("{name}", "{step.key}", {EVEN})  # {GAP}: {step.fact.id}: how likely, and then?'
            return
        again = ", again=True" if step.again else ""
        choice = self._class(step.stem)
        yield f'    if (yield from seat.choose({choice}, "{step.key}"{again})) is {choice}.{member(step.chose)}:'
        yield f"        pass  # {GAP}: {step.fact.id}: what does it do then? See: negosim help seat"

    def _acting(self) -> tuple[str, ...]:
        deciding = {step.stem.partition(".")[0] for step in self.steps}
        expected = {_doer(fact, pattern) for fact in self.record.facts for pattern in fact.expect}
        return tuple(actor for actor in self.actors if actor in deciding | expected) or self.actors[:1]

    def _ends(self, channels: list[str]) -> Iterator[str]:
        acting = self._acting()
        cast = ", ".join(f"{variable(actor)}: {variable(actor)}_acts" for actor in acting)
        others = [variable(actor) for actor in self.actors if actor not in acting]
        given = {fact.event for fact in self.record.of_kind("given")}
        happen = dict.fromkeys(
            name.name for name in self.record.names()
            if name.name not in given and (name.kind == "happening" or (name.kind == "what" and name.of == "happened"))
        )  # fmt: skip
        yield "scenario = scenario_from_record("
        yield f"    __file__,\n    cast={{{cast}}},\n    channels={_tuple(channels)},"
        yield f"    decisions={_tuple(list(map(self._class, self._stems())))},"
        for name, items in (("actors", others), ("happenings", list(map(_text, happen)))):
            if items:
                yield f"    {name}={_tuple(items)},"
        yield ")"


def _steps(record: Record) -> Iterator[Step]:
    """The record's decisions in the order of their dates, each question with a key of its own."""
    asked: dict[str, int] = {}
    pairs = [(fact, imposition) for fact in record.facts if not fact.background for imposition in fact.decisions]
    for fact, imposition in sorted(pairs, key=lambda pair: _minute(pair[1])):
        stem, _, rest = imposition.address.partition("[")
        key = rest.partition("]")[0] or "x"
        if key == "*":
            key = f"{fact.id.lower()}"
        place = f"{stem}[{key}]"
        asked[place] = asked.get(place, 0) + 1
        if not stem.startswith(f"{NATURE.id}.") and not member(imposition.chose).isidentifier():
            raise BadValue(
                f"{record.place(fact)}: {imposition.chose!r} cannot name an answer in Python\n"
                "let it begin with a letter"
            )
        yield Step(
            fact=fact,
            stem=stem,
            key=key,
            chose=imposition.chose,
            minute=_minute(imposition),
            again=asked[place] > 1,
        )


def _minute(imposition: DocumentedDecision) -> int:
    return max(imposition.span.earliest or 0, 0)


def variable(id: str) -> str:
    """An id as a variable that hides no name a draft imports."""
    name = id.replace("-", "_")
    if not name.isidentifier():
        name = f"a_{name}"
    taken = keyword.iskeyword(name) or hasattr(negosim, name) or name in ("scenario", "seat")
    return f"{name}_" if taken else name


def member(slug: str) -> str:
    """An answer's slug as the name of a member: ``state-doctors`` becomes ``STATE_DOCTORS``."""
    return slug.replace("-", "_").upper()


def _doer(fact: Fact, pattern: Pattern) -> str:
    """Who is to do what a fact expects: the pattern's actor, else the first whom the fact names."""
    return pattern.by or next(iter(fact.who), "")


def _simple(fact: Fact) -> bool:
    """Whether a fact's expectation can be asked in a line each: no beliefs, no order, no ranges."""
    plain = all(pattern.share is None and not pattern.has for pattern in fact.expect)
    return bool(fact.expect) and plain and not fact.in_order and not fact.beliefs


def _pattern(pattern: Pattern) -> str:
    fields = {"event": pattern.event, "by": pattern.by, "to": pattern.to, "channel": pattern.channel}
    fields["what"] = pattern.what
    words = [f"{name} = {_text(value)}" for name, value in fields.items() if value]
    words += ["absent = true"] if pattern.absent else []
    words += [f"at_least = {pattern.at_least}"] if pattern.at_least > 1 else []
    return f"{{ {', '.join(words)} }}"


def _plain(title: str) -> str:
    """A title that cannot end the docstring it stands in."""
    return " ".join(title.replace("\\", "/").replace('"', "'").split())


def _tuple(items: list[str]) -> str:
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def _text(value: str) -> str:
    """A text in quotes, as Python and TOML both read it."""
    return json.dumps(value, ensure_ascii=False)

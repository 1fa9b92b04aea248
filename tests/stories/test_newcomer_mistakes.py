"""Every mistake a newcomer makes with the template is told on one screen: the file, the line, what to write."""

from __future__ import annotations

import pytest

from negosim.__main__ import main
from negosim.stories.authoring.new import new_story

pytestmark = pytest.mark.once

SCREEN = 24
"""Lines of a small terminal."""

MISTAKES = [
    ('missing comma', '__init__.py', 'backchannel, because',
     'backchannel because', ('__init__.py:8', 'comma')),
    ('missing colon', '__init__.py', 'def the_crown(seat: Seat) -> Play:',
     'def the_crown(seat: Seat) -> Play', ('__init__.py:49', "expected ':'")),
    ('tab', '__init__.py', '    market = seat',
     '\tmarket = seat', ('__init__.py:38', 'four spaces')),
    ('unclosed quote', '__init__.py', '"half of the toll is waived"',
     '"half of the toll is waived', ('__init__.py:19', 'unterminated')),
    ('unclosed paren', '__init__.py', 'decisions=(Respond, Answer)\n)',
     'decisions=(Respond, Answer)\n', ('__init__.py:58', "'(' was never closed")),
    ('misspelt import', '__init__.py', 'import Actor, Choice',
     'import Actr, Choice', ('__init__.py:8', "did you mean 'Actor'")),
    ('misspelt name', '__init__.py', 'seat.offer(guild, Toll.HALVED',
     'seat.offer(gild, Toll.HALVED', ('__init__.py:53', "did you mean 'guild'")),
    ('event not imported', '__init__.py', 'import Announced, Happened, Offered, Promised',
     'import Announced, Happened, Offered', ('__init__.py:54', 'from negosim.core.events import Promised')),
    ('helper not imported', '__init__.py', 'because, hours, public',
     'because, public', ('__init__.py:22', 'from negosim import hours')),
    ('misspelt act', '__init__.py', 'seat.call_off("strike")',
     'seat.calloff("strike")', ('__init__.py:43', "did you mean 'call_off'")),
    ('answer renamed in class', '__init__.py', '    TAKE = "takes',
     '    ACCEPT = "takes', ('__init__.py:41', 'TAKE')),
    ('answer renamed in record', 'record.toml', 'chose = "offer"',
     'chose = "offers"', ('record.toml:36', "did you mean 'offer'")),
    ('answer renamed in question', 'questions.toml', '=wait',
     '=waits', ('questions.toml:8', "did you mean 'wait'")),
    ('decision renamed', 'record.toml', 'crown.respond[strike]',
     'crown.response[strike]', ('record.toml:36', "did you mean 'crown.respond'")),
    ('decision of another actor', 'record.toml', 'crown.respond[strike]',
     'guild.respond[strike]', ('record.toml:36', 'did you mean')),
    ('key never asked', 'record.toml', 'crown.respond[strike]',
     'crown.respond[toll]', ('record.toml:27', 'asked there: crown.respond[strike]')),
    ('decision not declared', '__init__.py', 'decisions=(Respond, Answer)',
     'decisions=(Respond,)', ('__init__.py:41', 'add the decision to decisions=')),
    ('decision never asked', '__init__.py', '(yield from seat.choose(Respond, "strike")) is Respond.OFFER',
     'True', ('crown.respond: no part asks it', 'seat.choose(...)')),
    ('forgotten yield from hear', '__init__.py', 'offer = yield from seat.hear(',
     'offer = seat.hear(', ('__init__.py:40', "'yield from' is missing")),
    ('forgotten yield from choose', '__init__.py', '(yield from seat.choose(Respond, "strike"))',
     'seat.choose(Respond, "strike")', ('__init__.py:52', "'yield from' is missing")),
    ('yield without from', '__init__.py', 'yield from seat.hear(Announced',
     'yield seat.hear(Announced', ('__init__.py:51', "write 'yield from'")),
    ('no generator', '__init__.py', '    yield from seat.hear(Announced, of=guild, action="strike")\n    if (yield from seat.choose(Respond, "strike")) is Respond.OFFER:\n        seat.offer(guild, Toll.HALVED, via=secret)\n        owed = yield from seat.hear(Promised, by=crown)\n        seat.keep(owed.promise)',
     '    seat.offer(guild, Toll.HALVED, via=secret)', ('__init__.py:49', 'begin it with: yield from')),
    ('actor without a part', '__init__.py', 'cast={crown: the_crown, guild: the_guild}',
     'cast={crown: the_crown}', ('__init__.py:58', 'give it a part in cast')),
    ('part called', '__init__.py', 'crown: the_crown,',
     'crown: the_crown(),', ('__init__.py:59', 'the_crown()')),
    ('channel left out', '__init__.py', 'channels=(secret, public())',
     'channels=(public(),)', ('__init__.py:53', "no channel called 'secret'")),
    ('reasons missing', '__init__.py', ', because("author: the strike may fail by itself")',
     '', ('__init__.py:22', 'write WAIT = "...", because("why")')),
    ('two answers same words', '__init__.py', '"strikes", because',
     '"takes it and stays at work", because', ('__init__.py:28', 'same words')),
    ('reason a text', '__init__.py', 'pride=300',
     'pride="300"', ('__init__.py:41', "pride='300' is no whole number")),
    ('reason a fraction', '__init__.py', 'gain=600',
     'gain=0.6', ('__init__.py:41', 'gain=0.6 is no whole number')),
    ('reason out of range', '__init__.py', 'gain=600',
     'gain=6000', ('__init__.py:41', 'gain=6000 is no whole number of thousandths, -1000 to 1000')),
    ('reason out of range, read off the view', '__init__.py', 'gain=600',
     'gain=lambda view: -1001', ('__init__.py:41', 'gain=-1001 is no whole number of thousandths, -1000 to 1000')),
    ('id with a capital', '__init__.py', 'Actor("crown", "The Crown")',
     'Actor("Crown", "The Crown")', ('__init__.py:12', 'is not a slug')),
    ('actor renamed in Python', '__init__.py', 'Actor("crown", "The Crown")',
     'Actor("king", "The King")', ('record.toml:36', "did you mean 'king.respond'")),
    ('actor declared twice', '__init__.py', 'Actor("guild", "The Guild")',
     'Actor("crown", "The Guild")', ('__init__.py:58', 'declared twice')),
    ('hours as text', '__init__.py', 'hours(12)',
     'hours("12")', ('__init__.py:22', 'is no length of time')),
    ('date in the wrong form', '__init__.py', '1724-03-06T07:00',
     '6 March 1724', ('__init__.py:38', 'such as 2024-10-15T09:00')),
    ('wait for an unknown field', '__init__.py', 'action="strike")',
     'actoin="strike")', ('__init__.py:51', "did you mean 'action'")),
    ('wait for a name, not a class', '__init__.py', 'seat.hear(Offered, of',
     'seat.hear("offered", of', ('__init__.py:40', 'without quotes')),
    ('scenario renamed', '__init__.py', '\nscenario = scen',
     '\nmodel = scen', ('__init__.py', 'write: scenario =')),
    ("file's name forgotten", '__init__.py', '    __file__, cast',
     '    cast', ('__init__.py:58', 'beside')),
    ('strike begun unannounced', '__init__.py', '    seat.announce("strike", "market", due=market)\n',
     '', ('__init__.py:45', 'was not announced')),
    ('accept what is withdrawn', '__init__.py', '        seat.accept(offer)\n',
     '        seat.accept(offer)\n        seat.accept(offer)\n', ('__init__.py:43', 'is not open, by the view of guild; agreed by guild at 1724-03-')),
    ('same question twice', '__init__.py', '    if (yield from seat.choose(Respond',
     '    yield from seat.choose(Respond, "strike")\n    if (yield from seat.choose(Respond', ('again=True', 'its own key')),
    ('endless loop', '__init__.py', '    yield from seat.hear(Announced, of=guild, action="strike")\n',
     '    while True:\n        yield from seat.pause()\n', ('never ends', 'a part waits for nothing')),
    ('toml: quote missing', 'record.toml', 'kind = "given"',
     'kind = given"', ('record.toml:20', 'broken TOML')),
    ('toml: key misspelt', 'record.toml', 'certainty = "documented"\ncites = [{ source = "chronicle", at = "page 1" }]',
     'certanty = "documented"\ncites = [{ source = "chronicle", at = "page 1" }]', ('record.toml:24', "did you mean 'certainty'")),
    ('toml: kind unknown', 'record.toml', 'kind = "decision"',
     'kind = "decison"', ('record.toml:31', "did you mean 'decision'")),
    ('toml: zone wrong', 'record.toml', 'zone = "UTC"',
     'zone = "Europe/Pairs"', ('record.toml:5', "did you mean 'Europe/Paris'")),
    ('toml: date wrong', 'record.toml', 'date = "1724-03-01/1724-03-05"',
     'date = "1.3.1724"', ('record.toml:29', 'is not a date such as')),
    ('toml: day 31 Feb', 'record.toml', 'date = "1724-03-01/1724-03-05"',
     'date = "1724-02-31"', ('record.toml:29', 'out of range')),
    ('toml: ends before it begins', 'record.toml', 'date = "1724-03-01/1724-03-05"',
     'date = "1724-03-05/1724-03-01"', ('record.toml:29', 'ends before it begins')),
    ('toml: outside the clock', 'record.toml', 'date = "1724-03-01/1724-03-05"',
     'date = "1725-03-01/1725-03-05"', ('record.toml:29', 'background = true')),
    ('toml: source unknown', 'record.toml', 'source = "chronicle", at = "page 2"',
     'source = "chronical", at = "page 2"', ('record.toml:35', "did you mean 'chronicle'")),
    ('toml: no cites', 'record.toml', 'cites = [{ source = "chronicle", at = "page 1" }]\n',
     '', ('record.toml:16', 'name at least one source')),
    ('toml: id twice', 'record.toml', 'id = "F2"',
     'id = "F1"', ('record.toml:28', 'already used at record.toml:16')),
    ('toml: event unknown', 'record.toml', 'event = "called-off"',
     'event = "called_off"', ('record.toml:47', "did you mean 'called-off'")),
    ('toml: actor unknown', 'record.toml', 'by = "guild"',
     'by = "gild"', ('record.toml:47', "did you mean 'guild'")),
    ('toml: [fact] for [[fact]]', 'record.toml', '[[source]]',
     '[source]', ('record.toml:7', 'write [[source]]')),
    ('toml: clock in quotes', 'record.toml', 'begins = 1724-03-01T00:00:00',
     'begins = "1724-03-01"', ('record.toml:3', 'without offset and quotes')),
    ('toml: clock reversed', 'record.toml', 'ends = 1724-03-11',
     'ends = 1724-02-11', ('record.toml:4', 'before it begins')),
    ('toml: given unheard', 'record.toml', 'event = "toll-raised"',
     'event = "toll-rised"', ('__init__.py:37', "did you mean 'toll-rised'")),
    ('question: no such change', 'questions.toml', 'crown.respond[strike]=wait',
     'close secrt', ('questions.toml:8', "did you mean 'secret'")),
    ('question: no such outcome', 'questions.toml', 'about = ["strike"]',
     'about = ["strikes"]', ('questions.toml:8', "did you mean 'strike'")),
    ('question: no basis', 'questions.toml', 'basis = "F2: the offer came late, and the council had advised to wait"',
     '', ('questions.toml:8', "'basis' is missing")),
    ('question: change half written', 'questions.toml', 'crown.respond[strike]=wait',
     'crown.respond[strike]', ('questions.toml:11', 'write ADDRESS=ALTERNATIVE')),
    ('table without an actor', '__init__.py', 'class Respond(Choice, by=crown, pace=',
     'class Respond(Choice, pace=', ('__init__.py:58', 'write class Respond(Choice, by=ACTOR)')),
    ("somebody else's question", '__init__.py', 'seat.choose(Answer, "toll"',
     'seat.choose(Respond, "toll"', ('__init__.py:41', "it is crown's")),
    ('answer compared with a text', '__init__.py', 'is Respond.OFFER',
     '== "offer"', ('__init__.py:52', 'compare with: is Respond.OFFER')),
    ('option in other letters', '__init__.py', 'Toll.HALVED, via',
     'Toll.Halved, via', ('__init__.py:53', "did you mean 'HALVED'")),
    ('issue without an owner', '__init__.py', 'class Toll(Issue, owner=crown):',
     'class Toll(Issue):', ('__init__.py:53', 'write owner=ACTOR')),
    ('promise for its name', '__init__.py', 'seat.keep(owed.promise)',
     'seat.keep(owed)', ('__init__.py:55', 'write .promise behind it')),
    ('part in quotes', '__init__.py', 'guild: the_guild}',
     'guild: "the_guild"}', ('__init__.py:58', "'the_guild' of guild is no function")),
    ('offer without a channel', '__init__.py', 'Toll.HALVED, via=secret)',
     'Toll.HALVED)', ('__init__.py:53', "'via'")),
    ('delay of half a minute', '__init__.py', 'delay=30',
     'delay=0.5', ('__init__.py:14', 'not a whole number')),
    ('pace in words', '__init__.py', 'Pace(hours(12))',
     'Pace("12 hours")', ('__init__.py:22', 'not a whole number')),
    ('due before it is announced', '__init__.py', 'due=market)',
     'due=0)', ('__init__.py:39', 'announced before it is due')),
    ('toml: a word that is no text', 'record.toml', 'zone = "UTC"',
     'zone = "UTC"\n[words]\nhalved = 1', ('record.toml:7', 'must be text')),
    ('toml: table misspelt', 'record.toml', 'zone = "UTC"',
     'zone = "UTC"\n[wrods]\nhalved = "x"', ('record.toml:6', "did you mean 'words'")),
    ('toml: name for id', 'record.toml', 'by = "guild"',
     'by = "The Guild"', ('record.toml:47', "did you mean 'guild'")),
    ('toml: true in quotes', 'record.toml', 'kind = "outcome"',
     'kind = "outcome"\nbackground = "true"', ('record.toml:43', 'true or false')),
    ('toml: tolerance from nowhere', 'record.toml', 'kind = "outcome"',
     'kind = "outcome"\ntolerance = "2 days"', ('record.toml:43', "widen the 'date'")),
    ('question: id twice', 'questions.toml', '[[outcome]]',
     '[[question]]\nid = "no-offer"\nasks = "x"\nchange = ["remove crown"]\nabout = ["strike"]\nbasis = "x"\n[[outcome]]',
     ('questions.toml', "'no-offer' was already used at questions.toml:1")),
    ('question: nothing changed', 'questions.toml', 'change = ["crown.respond[strike]=wait"]',
     'change = []', ('questions.toml:11', 'write at least one')),
]  # fmt: skip
"""What it is called, the file, what stood there, what the newcomer wrote, and what must be said."""


def told_by_check(folder, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")
    code = main(["check", str(folder), "-q"])
    said = capsys.readouterr()
    return code, (said.out + said.err).replace(str(folder), "")


@pytest.mark.parametrize(("name", "file", "right", "wrong", "words"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_told_with_its_place_and_what_to_write(
    name, file, right, wrong, words, tmp_path, monkeypatch, capsys
):
    folder = new_story(tmp_path / "demo")[0].parent
    text = (folder / file).read_text()
    assert right in text
    (folder / file).write_text(text.replace(right, wrong))
    code, said = told_by_check(folder, monkeypatch, capsys)
    assert "Next: mend it and check again; what may be written: negosim help " in said if code else "remark: " in said
    assert all(word in said for word in words), said
    assert len(said.splitlines()) <= SCREEN
    assert "Traceback" not in said


def test_there_are_fifty():
    assert len({row[0] for row in MISTAKES}) == len(MISTAKES) >= 50


@pytest.mark.parametrize("file", ["__init__.py", "record.toml", "questions.toml"])
@pytest.mark.parametrize(
    "written", [lambda raw: b"\xef\xbb\xbf" + raw, lambda raw: raw.replace(b"\n", b"\r\n")], ids=["BOM", "CRLF"]
)
def test_what_editors_on_windows_write_is_read(file, written, tmp_path, monkeypatch, capsys):
    folder = new_story(tmp_path / "demo")[0].parent
    (folder / file).write_bytes(written((folder / file).read_bytes()))
    code, said = told_by_check(folder, monkeypatch, capsys)
    assert code == 0, said
    assert "remark" not in said


@pytest.mark.parametrize("file", ["__init__.py", "record.toml"])
def test_a_file_that_is_not_utf_8_is_told_with_its_line(file, tmp_path, monkeypatch, capsys):
    folder = new_story(tmp_path / "demo")[0].parent
    raw = (folder / file).read_bytes().replace(b"quarrel", "querelle \xe9".encode("latin-1"))
    (folder / file).write_bytes(raw)
    code, said = told_by_check(folder, monkeypatch, capsys)
    assert code == 1
    assert file in said
    assert "utf-8" in said.lower()

"""The course that a replay shows bears out every item, also where no draw of the posterior does."""

from __future__ import annotations

from negosim.inference.conformance import is_borne_out
from negosim.inference.filter.guide import Guide
from negosim.inference.filter.island import Island
from negosim.inference.filter.posterior import Posterior
from negosim.inference.filter.witness import witness
from negosim.inference.pool import Pool
from negosim.lab.posterior import Conditioned, Evidence
from negosim.sim.play import play
from negosim.stores.memory import MemoryStore
from negosim.stories.loading import load
from tests.small_stories import fact

KEYS = "abcdefgh"


def silence(place: int) -> str:
    """Bob answers a question by saying nothing, which he does about one time in three."""
    hours, minutes = divmod(200 * place, 60)
    window = f"2024-01-01T{hours:02}:{minutes:02}/2024-01-01T{hours + 1:02}:{minutes:02}"
    return fact(f"O{place}", "outcome", window, 'expect = [{ event = "said", by = "bob", what = "well", absent = true }]')


def posterior_of(story, conditioning, size):
    islands = (Island(conditioning=conditioning, guide=Guide(), seed=0, number=k, size=size).run() for k in range(2))
    return Posterior(tuple(item.name for item in conditioning.items), tuple(islands))


def test_what_no_draw_bears_out_whole_is_found_from_the_draws(write):
    story = load(write(*(silence(place) for place in range(len(KEYS) - 1)), keys=repr(tuple(KEYS))))
    conditioning = Evidence().conditioning(story)
    posterior = posterior_of(story, conditioning, 3)
    wanted = [name for name in posterior.names if name not in posterior.failing]
    assert not any(all(draw.holds[name] for name in wanted) for draw in posterior.draws)
    shown = witness(conditioning, Guide(), posterior, seed=0)
    run = play(story.scenario, shown.world)
    assert len(wanted) > 3
    assert all(is_borne_out(story.documented.fact(name), story.scenario, run.entries) for name in wanted)


def test_the_course_shown_says_of_every_item_whether_it_holds(write):
    never = fact("N1", "outcome", "2024-01-01", 'expect = [{ event = "said", by = "ann", what = "never" }]')
    story = load(write(*(silence(place) for place in range(len(KEYS) - 1)), never, keys=repr(tuple(KEYS))))
    conditioning = Evidence().conditioning(story)
    posterior = posterior_of(story, conditioning, 3)
    shown = witness(conditioning, Guide(), posterior, seed=0)
    assert shown not in posterior.draws
    assert set(shown.holds) == set(posterior.names)
    assert shown.holds["N1"] is False


def test_the_course_shown_is_looked_for_once(write, monkeypatch):
    story, store = load(write(silence(0), silence(1), keys="('a', 'b')")), MemoryStore()
    with Pool(1) as pool:
        model = Conditioned(story=story, evidence=Evidence(), seed=0, pool=pool, store=store, size=4)
        guide, posterior = model.guide(), model.posterior(8)
        first = model.course_shown(guide, posterior)
        monkeypatch.setattr("negosim.lab.posterior.witness", None)
        assert model.course_shown(guide, posterior) == first


def test_what_holds_in_no_draw_is_not_looked_for(write):
    never = fact("N1", "outcome", "2024-01-01", 'expect = [{ event = "said", by = "ann", what = "never" }]')
    story = load(write(silence(0), never, keys="('a',)"))
    conditioning = Evidence().conditioning(story)
    posterior = posterior_of(story, conditioning, 20)
    assert "N1" in posterior.failing
    assert witness(conditioning, Guide(), posterior, seed=0).holds["O0"]

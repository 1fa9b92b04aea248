"""Rules refuse: what follows from each move, by what its mover saw."""

from __future__ import annotations

import pytest
from hypothesis import given as over

from negosim.core import events as e
from negosim.core import moves as m
from negosim.core.errors import BadValue, IllegalMove, NotFound
from negosim.core.rules import decide, land
from negosim.core.talks import fold
from negosim.core.terms import Clause, Terms
from negosim.testing.given import given, view_of
from negosim.testing.people import Grain, Truce
from negosim.testing.strategies import histories, moves

DAY = Terms.of(Truce.DAY)
SWAP = Terms.of(Truce.WEEK, Grain.SHIP)
OFFER = e.Offered("bob/quiet/day", "bob", "ann", "quiet", DAY, due=500, until=60)
TO_EVE = e.Offered("bob/quiet/ship+week", "bob", "eve", "quiet", SWAP, due=500)
LAPSED = e.Lapsed(OFFER.offer, "bob", "ann", "quiet", DAY)
PENDING = e.Agreed(TO_EVE.offer, "eve", "bob", "quiet", SWAP, False, 500, ("ann",))
BROUGHT = e.Conveyed(TO_EVE.offer, "eve", "ann", "hall", SWAP, "bob", 500)
PROMISE = e.Promised("bob/quiet/day:day", "ann", "bob", "day", OFFER.offer, "", 500, "quiet")
BRANCHES = (e.Branch("yes", "a", "b"), e.Branch("no", "c", "d"))


def accept(by: str, offer: str) -> m.Answer:
    return m.Answer(by, offer, "accept")


# ── the law ─────────────────────────────────────────────────────────────────────────────────────


@over(histories(), moves())
def test_a_move_is_decided_or_refused_and_nothing_else(history: list[e.Event], move: m.Move) -> None:
    try:
        decided = decide(view_of(tuple(history), move.by, now=50), move)
    except (IllegalMove, NotFound, BadValue):
        return
    assert decided
    assert all(isinstance(event, e.Event) for event in decided)


# ── offers ──────────────────────────────────────────────────────────────────────────────────────


def test_an_offer_is_named_after_sender_channel_and_terms() -> None:
    offer = m.Offer("ann", "bob", "quiet", DAY)
    given().when(offer).then(e.Offered("ann/quiet/day", "ann", "bob", "quiet", DAY))


def test_the_second_offer_of_one_name_is_numbered() -> None:
    first = e.Offered("ann/quiet/day", "ann", "bob", "quiet", DAY)
    offer = m.Offer("ann", "bob", "quiet", DAY)
    given(first).when(offer).then(e.Offered("ann/quiet/day#2", "ann", "bob", "quiet", DAY))


@pytest.mark.parametrize(
    ("move", "reason"),
    [
        (m.Offer("ann", "bob", "quiet", DAY, until=9), "must leave time to answer"),
        (m.Offer("ann", "bob", "quiet", Terms(())), "at least one option"),
        (m.Offer("ann", "ann", "quiet", DAY), "cannot speak to itself"),
        (m.Offer("ann", "vera", "quiet", DAY), "vera is no member of quiet"),
        (m.Offer("vera", "ann", "quiet", DAY), "vera is no member of quiet"),
        (m.Offer("ann", "bobb", "quiet", DAY), "did you mean 'bob'"),
        (m.Offer("ann", "bob", "quit", DAY), "did you mean 'quiet'"),
        (m.Offer("ann", "bob", "quiet", Terms((Clause("sun", "shine", ""),))), "nobody owns 'sun'"),
        (m.Offer("ann", "bob", "quiet", DAY, answers="none"), "is not open"),
        (m.Announce("ann", "march", "the gate", 9), "announced before it is due; minute 9 is over"),
        (m.PutUltimatum("ann", "bob", "quiet", "now", (), 9), "must leave time to answer"),
    ],
)
def test_what_cannot_be_put(move: m.Offer, reason: str) -> None:
    given(now=10).when(move).refuses(reason)


def test_a_counter_offer_answers_an_offer_to_oneself_that_stands() -> None:
    counter = m.Offer("ann", "bob", "quiet", SWAP, answers=OFFER.offer)
    name = "ann/quiet/ship+week"
    given(OFFER).when(counter).then(e.Offered(name, "ann", "bob", "quiet", SWAP, answers=OFFER.offer))
    stranger = m.Offer("eve", "bob", "quiet", SWAP, answers=OFFER.offer)
    given(OFFER).when(stranger).refuses("was not put to eve")
    agreed = m.Offer("bob", "eve", "quiet", DAY, answers=TO_EVE.offer)
    given(TO_EVE, PENDING).when(agreed).refuses("cannot be countered")


def test_yes_of_a_principal_binds_and_makes_a_promise_a_clause() -> None:
    agreed = e.Agreed(OFFER.offer, "ann", "bob", "quiet", DAY, True, 500)
    given(OFFER).when(accept("ann", OFFER.offer)).then(agreed, PROMISE)


def test_yes_of_an_envoy_without_mandate_waits_for_its_principal() -> None:
    given(TO_EVE).when(accept("eve", TO_EVE.offer)).then(PENDING)


@pytest.mark.parametrize(
    ("issues", "until", "final"),
    [(("truce",), None, True), (("truce",), 10, True), (("truce",), 9, False), (("grain",), None, False)],
)
def test_a_mandate_binds_as_far_and_as_long_as_it_goes(issues, until, final) -> None:
    mandate = e.Mandated("ann", "eve", "line", issues, until)
    decided = decide(view_of((TO_EVE, mandate), "eve", now=10), accept("eve", TO_EVE.offer))
    assert decided[0].final is final
    ship = e.Promised(f"{TO_EVE.offer}:ship", "bob", "eve", "ship", TO_EVE.offer, "", 500, "quiet")
    week = e.Promised(f"{TO_EVE.offer}:week", "ann", "bob", "week", TO_EVE.offer, "eve", 500, "quiet")
    assert decided[1:] == ((ship, week) if final else ())


FLOATED = e.Offered("eve/quiet/ship+week", "eve", "bob", "quiet", SWAP, 500, binding=False)
TAKEN = e.Agreed(FLOATED.offer, "bob", "eve", "quiet", SWAP, False, 500, ("ann",))


@pytest.mark.parametrize(("issues", "binding"), [(("truce",), True), (("grain",), False)])
def test_an_envoy_s_own_offer_binds_as_far_as_its_mandate(issues, binding) -> None:
    mandate = e.Mandated("ann", "eve", "line", issues)
    (offered,) = decide(view_of((mandate,), "eve"), m.Offer("eve", "bob", "quiet", SWAP))
    assert offered.binding is binding


def test_yes_to_an_envoy_without_mandate_waits_for_that_envoy_s_principal() -> None:
    given(FLOATED).when(accept("bob", FLOATED.offer)).then(TAKEN)
    brought = e.Conveyed(FLOATED.offer, "eve", "ann", "hall", SWAP, "bob", 500)
    given(FLOATED).when(m.Convey("eve", "ann", "hall", FLOATED.offer)).refuses("nobody has agreed to it yet")
    given(FLOATED, TAKEN).when(m.Convey("eve", "ann", "hall", FLOATED.offer)).then(brought)
    for seen in ((FLOATED, TAKEN), (brought,)):
        verdict, *promises = decide(view_of(seen, "ann"), m.Answer("ann", FLOATED.offer, "ratify"))
        assert (verdict.name, verdict.by, verdict.to) == ("ratified", "ann", "eve")
        assert [(p.by, p.to, p.through) for p in promises] == [("bob", "eve", ""), ("ann", "bob", "eve")]
    given(FLOATED, TAKEN).when(m.Answer("bob", FLOATED.offer, "ratify")).refuses("itself and cannot ratify")


def test_where_neither_envoy_had_a_mandate_both_principals_ratify() -> None:
    floated = e.Offered("eve/quiet/ship+week", "eve", "max", "quiet", SWAP, 500, binding=False)
    (taken,) = decide(view_of((floated,), "max"), accept("max", floated.offer))
    assert (taken.final, taken.awaits) == (False, ("bob", "ann"))
    truth = fold([floated, taken])
    for first, second in (("ann", "bob"), ("bob", "ann")):
        verdicts = [decide(view_of((floated, taken), name), m.Answer(name, floated.offer, "ratify"))[0]
                    for name in (first, second)]  # fmt: skip
        half = fold(verdicts[:1], truth)
        assert half.standing("offer", floated.offer) == verdicts[0]
        assert land(half, verdicts[1]) is verdicts[1]
        assert fold(verdicts, truth).standing("offer", floated.offer) is None


def test_a_promise_says_that_its_deal_is_done() -> None:
    assert fold([OFFER, PROMISE]).standing("offer", OFFER.offer) is None


def test_what_costs_its_side_nothing_any_envoy_may_settle() -> None:
    offer = e.Offered("bob/quiet/cart", "bob", "eve", "quiet", Terms.of(Grain.CART))
    decided = decide(view_of((offer,), "eve"), accept("eve", offer.offer))
    assert [event.name for event in decided] == ["agreed", "promised"]


def test_no_and_back() -> None:
    ends = (OFFER.offer, "ann", "bob", "quiet", DAY)
    given(OFFER).when(m.Answer("ann", OFFER.offer, "reject")).then(e.Rejected(*ends))
    back = (OFFER.offer, "bob", "ann", "quiet", DAY)
    given(OFFER).when(m.Answer("bob", OFFER.offer, "withdraw")).then(e.Withdrawn(*back))


@pytest.mark.parametrize(
    ("seen", "move", "reason"),
    [
        ((), accept("ann", OFFER.offer), "is not open, by the view of ann"),
        ((OFFER, LAPSED), accept("ann", OFFER.offer), "is not open, by the view of ann; lapsed by bob at minute 1"),
        ((OFFER,), accept("bob", OFFER.offer), "was put to ann, not to bob"),
        ((OFFER,), m.Answer("ann", OFFER.offer, "withdraw"), "not ann's to withdraw"),
        ((TO_EVE, PENDING), accept("eve", TO_EVE.offer), "was agreed already"),
        ((OFFER,), m.Answer("ann", OFFER.offer, "ratify"), "nothing to ratify"),
        ((TO_EVE, PENDING), m.Answer("eve", TO_EVE.offer, "ratify"), "agreed to .* itself"),
        ((TO_EVE, PENDING), m.Answer("bob", TO_EVE.offer, "ratify"), "bob cannot ratify"),
        ((TO_EVE, PENDING), m.Answer("vera", TO_EVE.offer, "ratify"), "vera cannot ratify"),
    ],
)
def test_an_answer_that_cannot_be(seen, move: m.Answer, reason: str) -> None:
    with pytest.raises(IllegalMove, match=reason):
        decide(view_of(seen, move.by), move)


def test_a_whole_event_for_its_name_is_told_by_the_verb_that_was_written() -> None:
    with pytest.raises(BadValue, match="^ratify: offer is the whole Offered; write .offer behind it$"):
        m.check_move(m.Answer("ann", OFFER, "ratify"))  # type: ignore[arg-type]


def test_an_answer_after_the_offer_s_own_term_is_refused() -> None:
    given(OFFER, now=60).when(m.Answer("ann", OFFER.offer, "reject")).then(
        e.Rejected(OFFER.offer, "ann", "bob", "quiet", DAY)
    )
    given(OFFER, now=61).when(accept("ann", OFFER.offer)).refuses("lapsed at minute 60")


# ── ratifying ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seen", [(TO_EVE, PENDING), (BROUGHT,)])
def test_a_principal_ratifies_or_vetoes_what_its_envoy_agreed_or_brought(seen) -> None:
    view = view_of(seen, "ann")
    verdict, *promises = decide(view, m.Answer("ann", TO_EVE.offer, "ratify"))
    assert isinstance(verdict, e.Ratified)
    assert [(p.by, p.to, p.through) for p in promises] == [("bob", "eve", ""), ("ann", "bob", "eve")]
    assert [x.name for x in decide(view, m.Answer("ann", TO_EVE.offer, "veto"))] == ["vetoed"]


def test_a_veto_player_vetoes() -> None:
    (vetoed,) = decide(view_of((TO_EVE, PENDING), "vera"), m.Answer("vera", TO_EVE.offer, "veto"))
    assert isinstance(vetoed, e.Vetoed)


def test_an_envoy_brings_an_offer_before_its_principal() -> None:
    convey = m.Convey("eve", "ann", "hall", TO_EVE.offer)
    given(TO_EVE).when(convey).then(BROUGHT)
    given(TO_EVE, PENDING).when(convey).then(BROUGHT)
    given(BROUGHT).when(convey).refuses("nothing to convey")
    own = e.Offered("ann/hall/day", "ann", "bob", "hall", DAY)
    given(own).when(m.Convey("eve", "ann", "hall", own.offer)).refuses("own side")


# ── promises ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("by", "share"), [("ann", 1), ("eve", 1000)])
def test_a_promise_is_kept_to_a_share_by_its_debtor_s_side(by: str, share: int) -> None:
    kept = e.Kept(PROMISE.promise, "ann", "bob", "day", "", share, "" if by == "ann" else by)
    given(PROMISE).when(m.Settle(by, PROMISE.promise, share)).then(kept)


def test_a_promise_is_broken_or_released() -> None:
    broken = e.Broken(PROMISE.promise, "ann", "bob", "day")
    given(PROMISE).when(m.Settle("ann", PROMISE.promise, 0)).then(broken)
    released = e.Released(PROMISE.promise, "bob", "ann", "day")
    given(PROMISE).when(m.Settle("bob", PROMISE.promise, None)).then(released)


@pytest.mark.parametrize(
    ("move", "reason"),
    [
        (m.Settle("bob", PROMISE.promise, 1000), "owed by ann"),
        (m.Settle("ann", PROMISE.promise, None), "only bob's side may release"),
        (m.Settle("ann", PROMISE.promise, 1001), "1..1000 thousandths"),
        (m.Settle("ann", "unheard-of", 5), "is not open"),
    ],
)
def test_a_settlement_that_cannot_be(move: m.Settle, reason: str) -> None:
    given(PROMISE).when(move).refuses(reason)


# ── orders, actions, ultimatums, statements ─────────────────────────────────────────────────────

DELIVERED = e.Delivered("ann/line/halt", "eve", "ann", "halt")


def test_an_instruction_is_sent_and_taken_further_step_by_step() -> None:
    order = m.Order("ann", "eve", "line", "halt", "seal")
    given().when(order).then(e.Ordered("ann/line/halt", "ann", "eve", "line", "halt", "seal"))
    believed = e.Believed("ann/line/halt", "eve", "ann", "halt")
    for verb, kind in {"believe": e.Believed, "doubt": e.Doubted, "obey": e.Obeyed, "defy": e.Defied}.items():
        step = m.Treat("eve", "ann/line/halt", verb)
        given(DELIVERED).when(step).then(kind("ann/line/halt", "eve", "ann", "halt"))
    given(DELIVERED, believed).when(m.Treat("eve", "ann/line/halt", "doubt")).refuses("stands as believed")
    given(DELIVERED).when(m.Treat("max", "ann/line/halt", "obey")).refuses("max cannot obey")
    given().when(m.Treat("eve", "ann/line/halt", "obey")).refuses("was not delivered")


def test_an_action_is_announced_and_taken_further() -> None:
    announced = e.Announced("march", "ann", "square", 900)
    given().when(m.Announce("ann", "march", "square", 900)).then(announced)
    kinds = {"start": e.Started, "reach": e.Reached, "end": e.Ended, "call off": e.CalledOff}
    for verb, kind in kinds.items():
        given(announced).when(m.Act("ann", "march", verb, "gate")).then(kind("march", "ann", "gate"))
    given().when(m.Act("ann", "march", "start")).refuses("was not announced")


def test_an_ultimatum_is_put_and_answered_in_time_by_whom_it_was_put_to() -> None:
    name = "ann/hall/last"
    put = e.UltimatumPut(name, "ann", "bob", "hall", BRANCHES, 60)
    given().when(m.PutUltimatum("ann", "bob", "hall", "last", BRANCHES, 60)).then(put)
    answered = e.UltimatumAnswered(name, "bob", "ann", "hall", "yes")
    given(put, now=60).when(m.TakeBranch("bob", name, "yes")).then(answered)
    given(put, now=61).when(m.TakeBranch("bob", name, "yes")).refuses("ran out at minute 60")
    given(put).when(m.TakeBranch("bob", name, "maybe")).refuses("has no branch 'maybe'")
    given(put).when(m.TakeBranch("eve", name, "yes")).refuses("was not put to eve")
    given(put, answered).when(m.TakeBranch("bob", name, "yes")).refuses("is not open")


def test_claims_words_and_happenings() -> None:
    claimed = e.Claimed("c", "ann", "bob", "lied")
    given().when(m.Claim("ann", "c", "bob", "lied")).then(claimed)
    given().when(m.Claim("ann", "c", "nobody", "lied")).refuses("no actor called 'nobody'")
    given(claimed).when(m.Deny("bob", "c")).then(e.Denied("c", "bob"))
    given().when(m.Deny("bob", "c")).refuses("was never made")
    given().when(m.Say("ann", "bob", "hall", "hello")).then(e.Said("ann", "bob", "hall", "hello"))
    given().when(m.Mandate("ann", "eve", "line", ("truce",))).then(e.Mandated("ann", "eve", "line", ("truce",)))
    given().when(m.Happen("ann", "rain")).then(e.Happened("rain", "ann"))
    given().when(m.Happen("ann", "rain", "eve")).then(e.Happened("rain", "ann", "eve"))
    given().when(m.Happen("ann", "rain", "evee")).refuses("did you mean 'eve'")


# ── channels ────────────────────────────────────────────────────────────────────────────────────


def test_a_gated_channel_opens_by_grant_for_one_meeting_until_one_asks_anew() -> None:
    say = m.Say("eve", "ann", "prison", "hello")
    name = "eve/prison/visit"
    asked = e.Requested(name, "eve", "bob", "prison")
    granted = e.Granted(name, "bob", "eve", "prison")
    met = e.Met("talk", "eve", ("ann",), "prison")
    said = e.Said("eve", "ann", "prison", "hello")
    given().when(say).refuses("bob must grant it")
    given().when(m.Request("eve", "bob", "prison", "visit")).then(asked)
    given(asked).when(m.Reply("bob", name, grant=True)).then(granted)
    given(asked).when(m.Reply("bob", name, grant=False)).then(e.Refused(name, "bob", "eve", "prison"))
    given(asked).when(m.Reply("max", name, grant=True)).refuses("max was not asked")
    given(asked, granted).when(m.Meet("eve", ("ann", "ann"), "prison", "talk")).then(met)
    given(asked, granted, met).when(say).then(said)
    given(asked, granted, met, asked).when(say).refuses("has no access")
    given().when(m.Say("max", "ann", "prison", "hello")).then(e.Said("max", "ann", "prison", "hello"))


def test_a_channel_at_rest_carries_nothing_until_it_is_resumed() -> None:
    rests = e.Suspended("quiet", "ann")
    given().when(m.Rest("ann", "quiet", rest=True)).then(rests)
    given(rests).when(m.Say("bob", "ann", "quiet", "hello")).refuses("quiet is at rest")
    given(rests).when(m.Rest("bob", "quiet", rest=True)).refuses("already at rest")
    given(rests).when(m.Rest("bob", "quiet", rest=False)).then(e.Resumed("quiet", "bob"))
    given().when(m.Rest("bob", "quiet", rest=False)).refuses("not at rest")
    given().when(m.Rest("vera", "quiet", rest=True)).refuses("vera is no member")


def test_only_secrets_leak() -> None:
    given().when(m.Leak("ann", "quiet", "day")).then(e.Leaked("ann", "quiet", "day"))
    given().when(m.Leak("ann", "hall", "day")).refuses("no secret channel")


# ── history does not refuse ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [e.Rejected, e.Ratified, e.Vetoed, e.Withdrawn])
def test_an_answer_to_what_no_longer_stands_comes_too_late(kind) -> None:
    answer = kind(OFFER.offer, "ann", "bob", "quiet", DAY)
    late = land(fold([]), answer)
    assert late == e.AnsweredTooLate(OFFER.offer, "ann", "bob", "quiet", DAY, kind.name)
    assert late.as_meant == answer
    assert land(fold([OFFER]), answer) == answer
    assert answer.as_meant is answer


@pytest.mark.parametrize("final", [True, False])
def test_a_yes_that_comes_too_late_is_held_as_it_was_meant(final) -> None:
    yes = e.Agreed(OFFER.offer, "ann", "bob", "quiet", DAY, final, 900, () if final else ("ann",))
    late = land(fold([]), yes)
    assert isinstance(late, e.AnsweredTooLate)
    assert late.as_meant == yes
    assert fold([OFFER, yes, late]).standing("offer", OFFER.offer) is None


@pytest.mark.parametrize("late", [
    e.AnsweredTooLate(OFFER.offer, "ann", "bob", "quiet", DAY),
    e.SettledTooLate("p", "ann", "bob", "day"),
    e.SettledTooLate("p", "ann", "bob", "day", "", "kept", 0),
])
def test_of_what_an_old_log_does_not_say_nothing_is_made_up(late) -> None:
    assert late.as_meant is late


def test_a_withdrawal_overtaken_by_an_agreement_leaves_it_standing() -> None:
    truth = fold([TO_EVE, PENDING])
    withdrawal = e.Withdrawn(TO_EVE.offer, "bob", "eve", "quiet", SWAP)
    late = land(truth, withdrawal)
    assert isinstance(late, e.AnsweredTooLate)
    assert fold([late], truth) == truth


def test_what_is_brought_after_it_was_withdrawn_cannot_be_ratified() -> None:
    withdrawn = e.Withdrawn(TO_EVE.offer, "bob", "eve", "quiet", SWAP)
    truth = fold([TO_EVE, withdrawn, BROUGHT])
    verdict = e.Ratified(TO_EVE.offer, "ann", "eve", "hall", SWAP)
    late = land(truth, verdict)
    assert isinstance(late, e.AnsweredTooLate)
    assert fold([late], truth).standing("offer", TO_EVE.offer) is None


def test_a_promise_settled_twice_in_ignorance_ends_once() -> None:
    kept = e.Kept(PROMISE.promise, "ann", "bob", "day", "", 700, "eve")
    broken = e.Broken(PROMISE.promise, "ann", "bob", "day", "", "eve")
    released = e.Released(PROMISE.promise, "bob", "ann", "day")
    assert land(fold([PROMISE]), kept) == kept
    for settlement in (kept, broken, released):
        late = land(fold([PROMISE, kept]), settlement)
        assert isinstance(late, e.SettledTooLate)
        assert late.as_meant == settlement
        assert fold([late], fold([PROMISE])) == fold([PROMISE])


def test_other_moves_land_as_they_were_decided() -> None:
    said = e.Said("ann", "bob", "quiet", "hello")
    assert land(fold([]), said) is said


def test_given_when_then_complains_when_a_rule_says_otherwise() -> None:
    say = m.Say("ann", "bob", "hall", "hello")
    with pytest.raises(AssertionError, match="brought about"):
        given().when(say).then()
    with pytest.raises(AssertionError, match="was allowed"):
        given().when(say).refuses("because")
    with pytest.raises(AssertionError, match="refused, but not for"):
        given().when(m.Say("ann", "ann", "hall", "hello")).refuses("the weather")


def test_everybody_may_speak_in_public() -> None:
    said = e.Said("ann", "bob", "street", "hello")
    given().when(m.Say("ann", "bob", "street", "hello")).then(said)

"""Ways of negotiating that a story picks up, instead of writing every exchange by hand.

    known                 what an actor knows: has it happened, is it still on, does the offer stand
    domain, preferences   what can be agreed, and what it is worth to each party
    tactics/              which proposal to make and when to accept; ``bidding`` makes one choice of them
    protocols/            who speaks when: alternating offers, simultaneous offers, a single text
    ways/                 exchanges of politics: ultimatum, swap, envoy, relay, shuttle, monitoring, GRIT
    solutions/            Pareto frontier, Nash, Kalai-Smorodinsky, egalitarian, utilitarian, Rubinstein
    files/                GENIUS, NegMAS and NegoLog files; a story made of a domain
    outcome, catalogue    what a run came to in utilities; a listing of all of this

A part is a generator that takes a seat and is entered with ``yield from``:

    deal = yield from alternating_offers(seat, bids, (seller, buyer), via=phone, deadline=days(3))

Each floor below this one is used, none above: the parts know ``sim`` and ``core`` only.
"""

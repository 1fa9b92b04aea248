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

Beside NegMAS 0.16, row by row (what it has, what stands for it here, what is left out and why):

    protocols
      SAO, two and many parties    protocols.stacked
      single text, veto            protocols.single_text: the parties vote, the mediator climbs
      multi-text, genetic, chain   left out: searches by a machine mediator, no way that people are known to have talked
      TAU, GB, own offering rules  left out: protocols.simultaneous has rounds at once, any other is a part of its own
      dynamic entry                left out: who sits at a table is its channel's members
      -                            monotonic concession; ultimatum, swap, envoy, relay, shuttle, monitoring, GRIT
    tactics
      Aspiration, Boulware, ...    tactics.time_dependent, in Faratin's form; ``aspiration`` has NegMAS's exponent
      tit for tat                  tactics.behaviour.TitForTat, also relative and averaged
      MiCRO                        tactics.behaviour.MiCRO
      random, nice, tough          a weight: tactics.logit at 0, a tactic followed strictly or hardly
      the others, GENIUS agents    tactics.foreign seats any of them that proposes and responds
      -                            Zeuthen and equilibrium play (tactics.informed)
      models of the other side     tactics.learning counts what it asked for; Bayesian models are left out: a part
                                   knows its view, and inference about actors is the filter's
    preferences
      linear additive, reserved    preferences; discounted by the calendar, with a cost of backing down in public
      non-linear, hyper-volumes    left out: no record tells them; a reason of a decision may be any function
      continuous issues            left out: an offer is options of issues, so that a log can name it
    measures
      Pareto, Nash, KS, welfare    solutions.points and outcome, on integer utilities, with every tie
      -                            egalitarian, Rubinstein's limit
      optimality over tournaments  ``negosim study``: runs of one story in great number; no league of agents
    files
      GENIUS XML, YAML and JSON    files.genius, files.negmas_scenario: read and written; hostile XML is refused
      traces                       files.trace: read into a log
      -                            NegoLog's JSON
      pickled mechanisms           left out: a run is played again from its seed, not thawed
      plots, web interface         ``negosim show RUN --bargain`` and the page

The bundled histories take up what their records tell of: Cuba's ambassador ``brings_home`` a secret offer, Oslo's
host ``relays`` by phone, Botha's condition is one of ``swaps``. Their sources tell of no ultimatum, no monitored
promise, no announced series of small steps and no shuttle, so none is in them; the tests' small histories use those.
"""

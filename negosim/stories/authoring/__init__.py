"""What an author of a story uses: a scenario made from its record, rules that hold in every run, first drafts.

    scenario      the scenario of the record beside it: title, clock, zone and words are said once
    invariants    what cannot be in any run, as values: ``Never``, ``AtMostOnce``
    new, draft    ``negosim new``: a folder that runs at once, from the template or from a record
"""

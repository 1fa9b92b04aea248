"""Why the model does not foresee a documented fact, or foresees it weakly; and what was mended in its structure."""

from __future__ import annotations

EXPLANATIONS = {
    "S01": (
        "The channel can be put to rest only once a round has been held, and the chain to the first round has "
        "five links."
    ),
    "S03": (
        "The week is fed and the day is not, and a committee that sleeps on it once meets as often a day earlier "
        "or later."
    ),
    "S09": (
        "Two offers before the deadline need the government to talk early, which it does in little more than half "
        "of the runs."
    ),
    "S11": (
        "The party accepts in about six of ten runs, and a third of the time left before the deadline often ends "
        "before 20:00."
    ),
    "S20a": "The clash often comes after midnight, so that the break a few hours later falls on the next day.",
    "S24b": (
        "With trust at its starting value a step-for-step exchange is worth as much to the government as a costly "
        "sign first."
    ),
    "S25": (
        "The Speaker's offer, the party's request and the government's committee each come about in two of three "
        "runs."
    ),
    "S27": "It needs the first round, and then the government's restraint: the first is missing in most runs.",
    "S28": "It needs two rounds within a fortnight, and the first is missing in most runs.",
    "P6": "Nothing in the model makes the party prefer Sunday the 13th for its public price.",
    "P9": (
        "The doctors come at any hour of the hospital's day, and the model knows no reason to wait until the "
        "afternoon."
    ),
    "P14": "A leak is one chance in ten for each meeting, and the paper's day is Nature's.",
    "P16": (
        "The second meeting waits for the visit and the first does not, so that both fall within four days in few "
        "runs."
    ),
    "P31": "Clear the square is one of three answers, and the march often reaches it at another hour.",
    "P32": "The retreat follows the clash within half a day, and the clash itself is often late.",
    "P39-request": "It has to be put off at the Speaker's offer first, and to follow the sentences within their day.",
    "P40": "The committee follows the request by a day, and the request itself is often days early.",
    "P43": "It needs two rounds within a fortnight, and the first is missing in most runs.",
}
"""One sentence for each fact."""

MENDS = {
    "2026-11-26": {
        "second-november-meeting": (
            "Two meetings are reported (P16) and the model had an occasion for one: the envoy now brings the "
            "founder's answer to a second."
        ),
        "hospital-day": (
            "The doctors could come only in the first hour of the hospital's day (P9: about 16:00): they come at "
            "any hour of it."
        ),
        "home-and-jail": (
            "A founder who had gone home was visited in jail and asked for release: he is asked at home, answers "
            "from there, and everybody learns that he went. Nor is his bail decided once he is at home."
        ),
        "told-when-it-is-over": (
            "Visitors told the founder that a march was over which was still to come: they wait until it is, and "
            "a day of visits in December is no longer called the first since a march."
        ),
        "one-question-at-a-time": (
            "October's question and December's could both call a march: the founder takes his next steps one "
            "after another, and each threat that he decides on is announced."
        ),
        "no-stop-after-arrival": (
            "A place to stop was brought to the founder when the march was at D-Chowk already: now only while it "
            "can still stop."
        ),
        "no-channel-rests-twice": (
            "A march at the square in late December suspended a channel that was at rest: whoever breaks off or "
            "meets looks first whether it is."
        ),
        "asked-once-more": (
            "The party could ask the Speaker only at his offer, hours later, and not on the evening of the "
            "sentences (P39): whoever did not ask then is asked once more when its people are sentenced."
        ),
        "two-more-months": (
            "The clock stopped with the record: rounds go on until somebody ends them, with a limit (P42), a "
            "charter (P41, P43), a march of winter (P34), a court (P17), and nothing known later."
        ),
    },
    "2026-11-27": {
        "no-call-off-twice": (
            "Set free and asked again whether to put the march off, the founder called off what he had called off "
            "already: he looks first whether it is on."
        ),
    },
}
"""What was mended in the structure, by date, with the reason; no strength, prior, pace or window was moved."""

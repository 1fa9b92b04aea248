"""One sentence for each documented fact that the model does not foresee, or foresees weakly."""

EXPLANATIONS: dict[str, str] = {
    "S01": (
        "The channel can be put to rest only once a round has been held, and the chain to the "
        "first round has five links."
    ),
    "S03": (
        "The week is fed and the day is not, and a committee that sleeps on it once meets as "
        "often a day earlier or later."
    ),
    "S09": (
        "Two offers before the deadline need the government to talk early, which it does in "
        "little more than half of the runs."
    ),
    "S11": (
        "The party accepts in about six of ten runs, and a third of the time left before the "
        "deadline often ends before 20:00."
    ),
    "S20a": (
        "The clash often comes after midnight, so that the break a few hours later falls on the "
        "next day."
    ),
    "S24b": (
        "With trust at its starting value a step-for-step exchange is worth as much to the "
        "government as a costly sign first."
    ),
    "S25": (
        "The Speaker's offer, the party's request and the government's committee each come about "
        "in two of three runs."
    ),
    "S27": (
        "It needs the first round, and then the government's restraint: the first is missing in "
        "most runs."
    ),
    "S28": "It needs two rounds within a fortnight, and the first is missing in most runs.",
    "P6": "Nothing in the model makes the party prefer Sunday the 13th for its public price.",
    "P9": (
        "The doctors come when the hospital's hours begin, and the model knows no reason to wait "
        "until the afternoon."
    ),
    "P14": "A leak is one chance in ten for each meeting, and the paper's day is Nature's.",
    "P16": (
        "The model holds one meeting where the record has two, because one offer is enough to "
        "send the envoys."
    ),
    "P31": (
        "Clearing the square is one of three answers, and the march often reaches it at another "
        "hour."
    ),
    "P32": "The retreat follows the clash within half a day, and the clash itself is often late.",
    "P39-request": (
        "The request follows the Speaker's offer by a day in the model, by three in the record."
    ),
    "P40": "The committee follows the request by a day, and the request itself is days early.",
    "P43": "It needs two rounds within a fortnight, and the first is missing in most runs.",
}

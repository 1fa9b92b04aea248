"""One HTML page about a history: everything in one file, nothing opened.

Left stands the documented history, always; right a changed course, or what one actor learnt. A
page is a pure function of a dossier (see ``lab.dossier``): ``page_of`` turns results into what is
to be read, ``render`` turns that into HTML. Neither computes an answer and neither prints.

    history     the left column: facts in the record's words, with their sign of the key
    beside      the right column: a course beside the record, what differs, where the two part
    answers     what-ifs as sentences, the guess that carries them, effects; rival accounts
    odds        the probability of each outcome over time
    figures     the drawings, as numbers
    sources     who says so: citations and their list
    knowledge   the other page: what one actor knew, day by day, and nothing else in the file
    render      templates, the style, the script, and the policy that lets nothing else in
"""

"""One HTML page about a story: everything in one file, nothing fetched.

A page is a pure function of a dossier (see ``lab.dossier``): ``page_of`` turns results into what
is to be read, ``render`` turns that into HTML. Neither computes anything and neither prints.

    chart       two histories on one date axis: a row per move, a small drawing per lane cell
    studies     an answer as sentences, ranges and conditions; switches, turning points, rivals
    figures     the drawings, as numbers
    sources     who says so: citations and their list
    knowledge   the other page: what one actor knew, day by day
    render      templates, the style, the script, and the policy that lets nothing else in
"""

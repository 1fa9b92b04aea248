"""Stories: a folder with a record and a scenario, loaded, validated, named and asked about.

A story is a folder: ``record.toml`` (the documented history), ``__init__.py`` (the scenario) and
``questions.toml`` (what to ask of it). Read ``loading.py`` first, then ``validation.py`` (does the
scenario know every name its record uses?), ``questions.py`` and ``intervention_syntax.py`` (a change
as one line of text). ``manifest.py`` names a run, ``preregistration.py`` writes a model down before
it is judged, ``result.py`` is what every result of the lab can do.
"""

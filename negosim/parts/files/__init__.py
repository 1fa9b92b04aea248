"""The field's files: GENIUS XML, NegMAS YAML and JSON, NegoLog JSON; stories and logs made of them."""

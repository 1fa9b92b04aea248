"""One sentence for each documented fact that the model does not foresee."""

EXPLANATIONS: dict[str, str] = {}

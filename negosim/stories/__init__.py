"""Stories: finding and loading them, their questions, and what names a run of them."""

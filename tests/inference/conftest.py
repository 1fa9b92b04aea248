"""What the tests of the lab share: small stories, written as folders."""

from tests.small_stories import write

__all__ = ["write"]

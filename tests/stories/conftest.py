"""What the tests of stories share: small stories, written as folders."""

from tests.small_stories import write

__all__ = ["write"]

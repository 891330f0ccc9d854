"""The people of Nordwerk, as in the tests of bad input."""

from tests.bad_input.conftest import nordwerk

__all__ = ["nordwerk"]

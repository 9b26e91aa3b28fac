"""What builds the site: its examples, and that each page has a place in the menu."""

import doctest

import pytest

from website import accessible, commands, gallery, sections
from website.browser import left_out


@pytest.mark.parametrize(
    "module", [accessible, commands, left_out, sections], ids=lambda module: module.__name__
)
def test_the_examples_of_the_programs(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


def test_each_program_of_the_gallery_says_what_it_shows():
    assert len(gallery.PROGRAMS) > 10
    for program in gallery.PROGRAMS:
        title, about, code = gallery.parts(program)
        assert all([title, about, code]), program

"""The exercises of the course's notebooks: is an answer right, and if not, where to look?

A notebook calls `check` below each exercise:

>>> from microbp.course import check
>>> check("01.1", ...)
not yet: put a number in place of the ...
>>> check("01.1", 12)
not right: 12 is y itself; we want to know how fast it changes

`solution("01.1")` shows how the exercise can be done. `microbp course` counts what is right.
"""

from typing import TYPE_CHECKING

from microbp._support.missing_names import refusing
from microbp.course.checking import check as check
from microbp.course.exercises import EXERCISES as EXERCISES
from microbp.course.progress import right_in as right_in
from microbp.course.worked import solution as solution

if not TYPE_CHECKING:
    __getattr__ = refusing(__name__)

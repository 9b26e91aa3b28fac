"""One experiment from many seeds, and what they found."""

from typing import TYPE_CHECKING

from microbp._support.missing_names import refusing
from microbp._support.statistics import Share as Share
from microbp.studies.results import Study as Study
from microbp.studies.runner import study as study

if not TYPE_CHECKING:
    __getattr__ = refusing(__name__)

"""One experiment from many seeds, and what they found."""

from microbp._support.statistics import Share as Share
from microbp.studies.results import Study as Study
from microbp.studies.runner import study as study

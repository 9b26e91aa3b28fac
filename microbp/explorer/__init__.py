"""The forward and backward pass of a graph as a page, one file, to step through."""

from microbp.explorer.explorer import Explorer as Explorer
from microbp.explorer.explorer import explore as explore

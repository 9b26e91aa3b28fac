"""A page to step through the forward and backward pass of a graph, in one HTML file."""

from microbp.explorer.explorer import Explorer as Explorer
from microbp.explorer.explorer import explore as explore

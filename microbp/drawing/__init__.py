"""Pictures of graphs, drawn by Graphviz."""

from microbp.drawing.picture import Picture as Picture
from microbp.drawing.picture import draw as draw
from microbp.drawing.render import GraphvizMissing as GraphvizMissing

"""Watch the paper's symmetry net

The page that `microbp watch symmetry` writes.
"""

from microbp.cli.main import main

main(["watch", "symmetry", "-o", "symmetry.html"])

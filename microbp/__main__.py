"""`python -m microbp`."""

import sys

from microbp.cli.main import main

sys.exit(main())

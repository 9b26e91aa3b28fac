"""`python -m microbp`."""

import sys

from _microbp_command import main

sys.exit(main())

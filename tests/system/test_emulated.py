"""What runs with every target's program, under an emulator: the road, its agents, a storm.

Without an emulator there is nothing here: the native run has these in their own files.
"""

import unittest

from harness import EMULATOR

if EMULATOR:
    from test_kill_storm import KillStorm  # noqa: F401  (unittest finds them by their names)
    from test_restart import Children  # noqa: F401
    from test_road import Agents, Road  # noqa: F401

if __name__ == "__main__":
    unittest.main()

"""What runs with every target's program, under an emulator: the road, its agents, a storm."""

import unittest

from test_kill_storm import KillStorm
from test_restart import Children
from test_road import Agents, Road

__all__ = ["Agents", "Children", "KillStorm", "Road"]

if __name__ == "__main__":
    unittest.main()

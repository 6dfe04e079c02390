"""What runs with every target's program, under an emulator: all but what counts memory and calls.

Without an emulator there is nothing here: the native run has these in their own files.
"""

import unittest

from harness import EMULATOR

if EMULATOR:
    from test_answers import Answers, Connections, Secrets, Waits  # noqa: F401
    from test_bad_inputs import BadConfigurations, BadInputs  # noqa: F401
    from test_callbacks import Crowd, News, Settings, Through  # noqa: F401
    from test_kill_storm import KillStorm  # noqa: F401  (unittest finds them by their names)
    from test_restart import Children, Full, Reload  # noqa: F401
    from test_road import Agents, Apps, Road  # noqa: F401
    from test_sandbox import Required  # noqa: F401
    from test_texts import Texts  # noqa: F401

if __name__ == "__main__":
    unittest.main()

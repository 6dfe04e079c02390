#!/usr/bin/env python3
"""Keeps the walls between the folders: who may include whom, and what stays out of the tree."""

import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAGES = {"intake", "queue", "composer", "http", "outcome", "schedule", "tracking"}
CODE = (".cc", ".h")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)

OS_HEADERS = re.compile(r"^(sys/|linux/|arpa/|netinet/|net/|unistd\.h|fcntl\.h|netdb\.h|poll\.h|"
                        r"signal\.h|resolv\.h|pthread\.h|dirent\.h|time\.h|ctime$)")
ALLOCATING = re.compile(r"^(string|vector|map|set|list|deque|unordered_\w+|functional|"
                        r"iostream|sstream|fstream|regex|thread|mutex|format)$")
# A library's headers are included in one folder only.
LIBRARIES = {"cJSON": "agent/json/", "llhttp": "agent/http/", "mbedtls/": "platform/mbedtls/",
             "psa/": "platform/mbedtls/", "coap": "platform/libcoap/"}
LINES_MAX = 400


def tracked(*patterns):
    names = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
                           cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    return [name for name in names if name and (ROOT / name).is_file()]


def code_in(*folders):
    return [name for name in tracked(*folders) if name.endswith(CODE)]


def includes_of(name):
    return INCLUDE.findall((ROOT / name).read_text(encoding="utf-8"))


class Layers(unittest.TestCase):
    def offenders(self, names, is_wrong):
        return [f"{name}: {include}" for name in names for include in includes_of(name)
                if is_wrong(name, include)]

    def test_there_is_code_to_look_at(self):
        self.assertGreater(len(code_in("agent")), 20)
        self.assertGreater(len(code_in("platform")), 10)

    def test_agent_includes_no_header_of_an_operating_system(self):
        self.assertEqual([], self.offenders(
            code_in("agent"), lambda _, include: OS_HEADERS.match(include)))

    def test_agent_includes_nothing_of_a_platform(self):
        self.assertEqual([], self.offenders(
            code_in("agent"), lambda _, include: include.startswith(("platform/", "tests/"))))

    def test_a_stage_never_includes_another(self):
        def wrong(name, include):
            mine, theirs = name.split("/")[1], include.split("/")[1] if "/" in include else ""
            return (mine in STAGES and include.startswith("agent/") and theirs in STAGES
                    and theirs != mine)
        self.assertEqual([], self.offenders(code_in("agent"), wrong))

    def test_vocabulary_includes_no_stage(self):
        vocabulary = {"api", "base", "json", "message", "scenario", "settings", "port"}
        def wrong(name, include):
            parts = include.split("/")
            return (name.split("/")[1] in vocabulary and parts[0] == "agent" and len(parts) > 2
                    and parts[1] not in vocabulary)
        self.assertEqual([], self.offenders(code_in("agent"), wrong))

    def test_nothing_that_allocates_is_included(self):
        self.assertEqual([], self.offenders(
            code_in("agent", "platform"),
            lambda name, include: ALLOCATING.match(include) and not name.endswith("no_heap.cc")))

    def test_each_library_is_included_in_one_folder(self):
        def wrong(name, include):
            return any(include.startswith(library) and not name.startswith(home)
                       for library, home in LIBRARIES.items())
        self.assertEqual([], self.offenders(code_in("agent", "platform"), wrong))

    def test_files_hold_one_idea(self):
        long = [f"{name}: {lines}" for name in code_in("agent", "platform")
                if (lines := len((ROOT / name).read_text(encoding="utf-8").splitlines())) > LINES_MAX]
        self.assertEqual([], long, f"files over {LINES_MAX} lines usually hold a second idea")

    def test_the_top_level_is_the_known_one(self):
        known = {"agent", "platform", "config", "tests", "toolchains", ".ci"}
        self.assertEqual(set(), {name.split("/")[0] for name in tracked() if "/" in name} - known)

    def test_no_unfinished_words_in_the_code(self):
        words = re.compile(r"\b(TODO|FIXME|XXX|not implemented)\b")
        mine = Path(__file__).name
        self.assertEqual([], [
            f"{name}:{number}" for name in tracked("agent", "platform", "config", "toolchains", "tests")
            if name.endswith((".cc", ".h", ".py", ".cmake")) and Path(name).name != mine
            for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1)
            if words.search(line)])

    def test_people_in_tests_and_documents_are_made_up(self):
        # +1, any area code, 555 01xx; shorter runs of digits are no numbers to call.
        number = re.compile(r"(?<!\d)1[2-9]\d{9}(?!\d)")
        real = []
        for name in tracked("tests", "README.md", "config", "agent"):
            if not name.endswith((".cc", ".h", ".py", ".md", ".json", ".sh")):
                continue
            text = (ROOT / name).read_text(encoding="utf-8")
            real += [f"{name}: {n}" for n in number.findall(text) if n[4:9] != "55501"]
        self.assertEqual([], real)


if __name__ == "__main__":
    unittest.main()

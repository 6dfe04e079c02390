#!/usr/bin/env python3
"""plant.py NAME SOURCE TARGET: copies the queue's folder SOURCE to TARGET, with one bug planted.

plant.py --list names the bugs. Each is a few replacements of text that must stand in its file
exactly once: where the queue has moved on, planting fails instead of planting nothing.
"""
import pathlib
import sys

# name -> (what is wrong with it, [(file, text, planted text)])
BUGS = {
    "ack_before_sync": (
        "a commit says ok, and is synced with the next one",
        [("queue.cc",
          "  TRY(flash_.write(segment, head_at_, std::span(buffer_).subspan(begin, bytes)));\n"
          "  TRY(flash_.sync());\n",
          "  TRY(flash_.sync());\n"
          "  TRY(flash_.write(segment, head_at_, std::span(buffer_).subspan(begin, bytes)));\n")]),
    "skipped_not_named": (
        "the first commit after a recovery does not name what was stepped over",
        [("recovery.cc",
          "  unnamed_[unnamed_count_++] = skipped;\n",
          "  unnamed_[unnamed_count_] = skipped;\n")]),
    "recycled_before_copied": (
        "the oldest segment goes although messages in progress lie in it",
        [("recycling.cc",
          "tail_run_ < head_run_ && tail_is_dead()",
          "tail_run_ < head_run_")]),
    "keys_not_carried": (
        "keys are forgotten with the segment that they lie in",
        [("recycling.cc",
          "  copy_keys(0, 0, pending_max);\n",
          ""),
         ("recycling.cc",
          "if (in_tail(keys_[i].at, kKeyRecordBytes)) return false;",
          "")]),
    "no_reservation": (
        "a take is charged with its own record, and not with its outcome",
        [("queue.h",
          " +\n           std::uint32_t{kStandingRecordBytesMax};",
          ";")]),
    "sum_of_header_only": (
        "the sum of a commit leaves out its body",
        [("queue.cc",
          "crc32c(commit.subspan(kVersionAt))",
          "crc32c(commit.subspan(kVersionAt, kBodyAt - kVersionAt))"),
         ("log_reader.cc",
          "crc32c(whole.subspan(kVersionAt))",
          "crc32c(whole.subspan(kVersionAt, kBodyAt - kVersionAt))")]),
}


def plant(name, source, target):
    _, replacements = BUGS[name]
    texts = {path.name: path.read_text() for path in source.iterdir()
             if path.suffix in (".cc", ".h")}
    for file, text, planted in replacements:
        count = texts[file].count(text)
        if count != 1:
            sys.exit(f"plant.py: {name}: {file} holds {count} times, and not once:\n{text}")
        texts[file] = texts[file].replace(text, planted)
    target.mkdir(parents=True, exist_ok=True)
    for file, text in texts.items():
        (target / file).write_text(text)


def main():
    if sys.argv[1:] == ["--list"]:
        print(";".join(BUGS), end="")
    elif len(sys.argv) == 4 and sys.argv[1] in BUGS:
        plant(sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()

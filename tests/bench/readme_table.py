"""A table in a document that a command writes: between <!-- NAME --> and <!-- /NAME -->."""

import re


def write_between(file, name, text):
    whole = file.read_text()
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    written, count = marks.subn(lambda found: found[1] + text + "\n" + found[2], whole)
    if count != 1:
        raise ValueError(f"{file} has no place for {name}")
    file.write_text(written)

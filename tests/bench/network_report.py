"""What tests/bench/network has found, as tables, as objects, and against the goals."""

import collections

NAMES = ("supervisor", "keeper", "uplink", "gate")
WAKES_MAX = 12  # in an idle hour
CASES = {"full": "a lone message, whole handshake",
         "resumed": "a lone message, session resumed",
         "full connection": "the connection alone, whole handshake",
         "resumed connection": "the connection alone, session resumed",
         "further": "each further message on it"}
INSTRUCTIONS = {"full": {"P-256": 1.50, "RSA-2048": 1.00}, "resumed": {}, "further": {}}
GOALS = {"resumed": 0.60, "further": 1.00}  # of curl's bytes at the IP level

Row = collections.namedtuple("Row", "words ours theirs goal unit", defaults=(None, "{:,.0f}"))


def table(rows):
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for number, row in enumerate(rows):
        cells = [cell.ljust(width) if i == 0 else cell.rjust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        lines.append("| " + " | ".join(cells).rstrip() + " |")
        if number == 0:
            lines.append("|" + "|".join("-" * (w + 1) + ("-" if i == 0 else ":")
                                        for i, w in enumerate(widths)) + "|")
    return "\n".join(lines)


def bytes_rows(results):
    return [Row(f"{key}: {words}", figures["fieldpost", case], figures["curl", case], GOALS.get(case))
            for key, figures in results["bytes"].items() for case, words in CASES.items()]


def other_rows(results):
    rows = []
    for key, figures in results.get("instructions", {}).items():
        for case, goals in INSTRUCTIONS.items():
            rows.append(Row(f"million instructions, {key}: {CASES[case]}",
                            figures["fieldpost", case] / 1e6, figures["curl", case] / 1e6,
                            goals.get(key, 1.00 if case == "further" else None), "{:,.2f}"))
    memory = results["memory"]
    rows.append(Row("KiB, proportional, all processes", sum(memory[name]["pss"] for name in NAMES),
                    memory["curl"]["pss"], 0.10))
    return rows


def goal_of(row):
    return f"{row.goal:.2f}" if row.goal else ""


def tables(results):
    """What is compared with curl: the bytes, then the rest."""
    lines = [("bytes of both directions", "TLS", "curl's", "IP", "curl's", "ratio", "goal")]
    for row in bytes_rows(results):
        counts = (f"{n:,.0f}" for n in (row.ours.tls, row.theirs.tls, row.ours.ip, row.theirs.ip))
        lines.append((row.words, *counts, f"{row.ours.ip / row.theirs.ip:.2f}", goal_of(row)))
    others = [("", "Fieldpost", "curl", "ratio", "goal")]
    for row in other_rows(results):
        others.append((row.words, row.unit.format(row.ours), row.unit.format(row.theirs),
                       f"{row.ours / row.theirs:.2f}", goal_of(row)))
    if "wakes" in results:
        others.append(("wake-ups in an idle hour, all processes",
                       f"{sum(results['wakes'].values()):.0f}", "", "", f"{WAKES_MAX} of them"))
    return table(lines) + "\n\n" + table(others)


def objects(results):
    for key, figures in results["bytes"].items():
        for (peer, case), count in figures.items():
            yield {"what": "bytes", "chain": key, "peer": peer, "case": case, **count._asdict()}
    for key, figures in results.get("instructions", {}).items():
        for (peer, case), count in figures.items():
            yield {"what": "instructions", "chain": key, "peer": peer, "case": case, "count": count}
    for name, figures in results["memory"].items():
        yield {"what": "memory", "process": name, **figures}
    for name, count in results.get("wakes", {}).items():
        yield {"what": "wakes", "process": name, "an_hour": count}
    for target, parts in results.get("parts", {}).items():
        for part, size in parts.items():
            yield {"what": "part", "target": target, "part": part, "bytes": size}


def broken(results):
    compared = [row._replace(ours=row.ours.ip, theirs=row.theirs.ip, words=f"bytes (IP), {row.words}")
                for row in bytes_rows(results)] + other_rows(results)
    for words, ours, theirs, goal, unit in compared:
        if goal and ours > goal * theirs:
            yield (f"{words}: {unit.format(ours)}, {ours / theirs:.3f} of curl's "
                   f"{unit.format(theirs)}, not {goal:.2f}")
    if sum(results.get("wakes", {}).values()) > WAKES_MAX:
        yield f"an idle agent wakes up more than {WAKES_MAX} times an hour"

"""What tests/bench/network has found, as tables, as objects, and against the goals."""

NAMES = ("supervisor", "keeper", "uplink", "gate")
CASES = {"full": "a lone message, whole handshake",
         "resumed": "a lone message, session resumed",
         "further": "each further one on the connection"}


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


def comparison(results):
    """One table of all that is compared with curl."""
    rows = [("", "Fieldpost", "curl", "ratio", "goal")]
    for key, figures in results["bytes"].items():
        for case, words in CASES.items():
            for level, name in (("ip", "IP"), ("tls", "TLS records")):
                ours = getattr(figures["fieldpost", case], level)
                theirs = getattr(figures["curl", case], level)
                goal = {"resumed": "0.60", "further": "1.00"}.get(case, "") if level == "ip" else ""
                rows.append((f"bytes ({name}), {key}: {words}", f"{ours:,.0f}", f"{theirs:,.0f}",
                             f"{ours / theirs:.2f}", goal))
    for key, figures in results.get("instructions", {}).items():
        for case, goal in (("full", "1.00" if "RSA" in key else "1.50"), ("resumed", ""),
                           ("further", "1.00")):
            ours, theirs = figures["fieldpost", case], figures["curl", case]
            rows.append((f"million instructions, {key}: {CASES[case]}", f"{ours / 1e6:.2f}",
                         f"{theirs / 1e6:.2f}", f"{ours / theirs:.2f}", goal))
    memory = results["memory"]
    for what, words in (("pss", "KiB, proportional, all processes"),
                        ("peak", "KiB, the most a process had, summed up")):
        ours, theirs = sum(memory[name][what] for name in NAMES), memory["curl"][what]
        rows.append((words, f"{ours:,}", f"{theirs:,}", f"{ours / theirs:.2f}",
                     "0.10" if what == "pss" else ""))
    if "wakes" in results:
        rows.append(("wake-ups in an idle hour, all processes",
                     f"{sum(results['wakes'].values()):.0f}", "", "", "12 of them"))
    return rows


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


def broken(rows, results):
    for words, ours, theirs, ratio, goal in rows[1:]:
        if goal and ratio and float(ratio) > float(goal):
            yield f"{words}: {ours}, {ratio} of curl's {theirs}, not {goal}"
    if sum(results.get("wakes", {}).values()) > 12:
        yield "an idle agent wakes up more than 12 times an hour"

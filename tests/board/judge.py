"""What must be true after a boot, of what was promised, what the agent holds, and what arrived."""

import collections

ON_THE_WAY = ("queued", "sending")
IN_DOUBT = "uncertain"


def judge(promised, held, arrived, pulls, at_the_end=False):
    """What is wrong, in words; nothing, if nothing is.

    `promised`: {tag: id} that `send` printed. `held`: {id: state} of what the agent has not ended.
    `arrived`: {tag: how often the API took it}. `pulls`: how often the plug was pulled so far.
    """
    wrong = [f"{tag} arrived {times} times" for tag, times in arrived.items() if times > 1]
    given = collections.Counter(promised.values())
    wrong += [f"id {number} was given {times} times" for number, times in given.items() if times > 1]
    for tag, number in promised.items():
        state, times = held.get(number), arrived.get(tag, 0)
        if state is None and times == 0:
            wrong.append(f"{tag} is lost: the agent has no {number}, and the API never saw it")
        elif state in ON_THE_WAY and times > 0:
            wrong.append(f"{tag} has arrived, but {number} is {state} and would go again")
        elif state in ON_THE_WAY and at_the_end:
            wrong.append(f"{tag} was never sent: {number} is {state}")
        elif state not in (None, IN_DOUBT, *ON_THE_WAY):
            wrong.append(f"{tag} is {state}, and nobody asked for that")
    # One message is on its way at a time, so one pull leaves one doubt at most.
    doubts = sum(state == IN_DOUBT for state in held.values())
    if doubts > pulls:
        wrong.append(f"{doubts} messages are in doubt after {pulls} pulls")
    return wrong

"""Heats: contestants that take turns, so that whatever else the machine does meets all of them alike."""

from contestants import Failed


def alternate(makers, rounds, seconds):
    """Runs `rounds` turns of every contestant; who begins changes from round to round.

    `makers` maps names to functions that make a contestant. Returns for each name its stretches' `median_ms`, `least_ms` and `passes`
    as lists, its `peak_mb` and `precision`, or `failed`, and `logits` where it can tell them.
    """
    contestants, results = {}, {}
    try:
        for name, make in makers.items():
            try:
                contestants[name] = make()
                results[name] = {"median_ms": [], "least_ms": [], "passes": [], "precision": contestants[name].precision}
            except Failed as error:
                results[name] = {"failed": str(error)}
        for turn in range(rounds):
            names = list(contestants)
            for name in names[turn % max(1, len(names)):] + names[: turn % max(1, len(names))]:
                _take_turn(name, contestants, results, seconds)
        for name in list(contestants):
            if hasattr(contestants[name], "logits"):
                try:
                    results[name]["logits"] = contestants[name].logits()
                except Failed as error:
                    results[name] = {"failed": str(error)}
    finally:
        for contestant in contestants.values():
            contestant.close()
    return results


def _take_turn(name, contestants, results, seconds):
    try:
        stretch = contestants[name].run(seconds)
    except Failed as error:
        contestants.pop(name).close()
        results[name] = {"failed": str(error)}
        return
    result = results[name]
    result["median_ms"].append(stretch.median_ms)
    result["least_ms"].append(stretch.least_ms)
    result["passes"].append(stretch.passes)
    result["peak_mb"] = contestants[name].peak_mb


def error(answers, reference):
    """The largest difference from the reference's logits, by the largest of them; infinite for an answer that is not finite.

    Both are lists of logits, a list a picture; answers repeat the reference's pictures in their order.
    """
    worst = 0.0
    for index, answer in enumerate(answers):
        expected = reference[index % len(reference)]
        largest = max(map(abs, expected))
        for ours, theirs in zip(answer, expected, strict=True):
            difference = abs(ours - theirs) / largest
            worst = difference if difference > worst else worst
            if difference != difference:
                return float("inf")
    return worst

"""What is made of the figures."""


def percentile(times, share):
    ordered = sorted(times)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def judge(holds, text):
    print(f"{'holds' if holds else 'FAILS'}: {text}")
    return holds

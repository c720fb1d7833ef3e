"""The learning rate and the temperature of each step. Needs no PyTorch."""

import math


def cycle_at(step, per_epoch, recipe):
    """The recipe's cycle that a step belongs to, its place in there, and the cycle's number of steps."""
    for cycle in recipe["cycles"]:
        steps = cycle["epochs"] * per_epoch
        if step < steps:
            break
        step -= steps
    return cycle, step, steps


def rate_at(step, per_epoch, recipe):
    """The learning rate of one step: in each of the recipe's cycles a linear warm-up, then a cosine down to 0 (SGDR, Loshchilov and Hutter, 2016)."""
    cycle, step, steps = cycle_at(step, per_epoch, recipe)
    rise = cycle["warm_up"] * steps
    if step < rise:
        return cycle["rate"] * (step + 1) / (rise + 1)
    return cycle["rate"] * 0.5 * (1 + math.cos(math.pi * (step - rise) / (steps - rise)))


def temperature_at(step, steps, recipe):
    """The attentions' temperature: linear from the recipe's start down to 1, which it keeps for the rest; None where the recipe has none."""
    cooling = recipe.get("cooling")
    if cooling is None:
        return None
    done = min(1.0, step / (cooling["part"] * steps))
    return cooling["from"] + (1.0 - cooling["from"]) * done


def epochs_of(recipe):
    """The epochs of all cycles."""
    return sum(cycle["epochs"] for cycle in recipe["cycles"])


def interval(right, count):
    """Wilson's 95 % interval of a proportion, in per cent."""
    z, p = 1.959964, right / count
    centre = p + z * z / (2 * count)
    spread = z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count))
    return tuple(100 * (centre + sign * spread) / (1 + z * z / count) for sign in (-1, 1))

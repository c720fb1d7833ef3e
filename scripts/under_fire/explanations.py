"""What an explanation adds to a pass: of the best class and of five."""

from .judging import judge
from .turns import each_number_of_threads

CLASSES = "0,1,2,3,4"


async def run(options):
    plain = f"/classify?attention=none&model={options.model}"
    explained = f"{plain}&explain={options.explain}"
    targets = {"none": plain, "the best class": explained, "five classes": f"{explained}&class={CLASSES}"}

    def tell(threads, turns):
        given = [len(turns.answers[what].get("explanation", [])) for what in targets]
        without = turns.median("none")
        for what in targets:
            print(f"{threads} threads, {turns.passes} passes each, {options.explain} of {what}: "
                  f"{turns.median(what):.2f} ms in the median, {turns.least(what):.2f} at least: {turns.median(what) / without - 1:+.1%}")
        return judge(given == [0, 1, 5], f"as many explanations as classes were given: {given}")

    return await each_number_of_threads(options, targets, tell)

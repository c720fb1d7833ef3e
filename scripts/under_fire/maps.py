"""What handing out every map adds to a pass."""

from .judging import judge
from .turns import each_number_of_threads


async def run(options):
    target = f"/classify?model={options.model}&attention="
    targets = {"without maps": target + "none", "with all": target + "maps&map_size=0"}

    def tell(threads, turns):
        handed = len(turns.answers["with all"]["attention"])
        without, whole = map(turns.median, targets)
        print(f"{threads} threads, {turns.passes} passes each: {without:.2f} ms in the median without maps, {whole:.2f} with all {handed}: {whole / without - 1:+.1%}")
        return judge(handed > 0, "maps were handed out")

    return await each_number_of_threads(options, targets, tell)

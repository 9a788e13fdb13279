"""What the command prints: rows by kind, files, what people have to do, and how the two servers compare."""

from collections import Counter
from collections.abc import Iterator, Mapping

from imports.kitsu.moving import Tally
from people.models import Person

HEADS = ("rows", "there", "here", "new", "changed", "refused")
MOST_SHOWN = 20


def number(value: int) -> str:
    """A number with its thousands apart."""
    return f"{value:,}"


def brought(tallies: Mapping[str, Tally], *, changed_only: bool = False) -> Iterator[str]:
    """A line for each kind of rows that was read, or of which something is otherwise now."""
    yield f"{'rows':<40}{'read':>10}{'new':>10}{'changed':>10}{'refused':>10}"
    for path, tally in tallies.items():
        if tally.new or tally.changed or tally.refused or (tally.there and not changed_only):
            taken = f"   {number(tally.adopted)} took the id that they have there" if tally.adopted else ""
            cells = (tally.there, tally.new, tally.changed, len(tally.refused))
            yield f"{path:<40}" + "".join(f"{number(cell):>10}" for cell in cells) + taken
    sums = [sum(t.there for t in tallies.values()), sum(t.new for t in tallies.values()), sum(t.changed for t in tallies.values())]
    yield f"{'together':<40}" + "".join(f"{number(cell):>10}" for cell in (*sums, refused_in(tallies)))


def refused_in(tallies: Mapping[str, Tally]) -> int:
    """How many rows were refused."""
    return sum(len(tally.refused) for tally in tallies.values())


def compared(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """A line for each kind of rows: how many are there and here, and the sums of what they hold."""
    yield f"{'rows':<40}{'there':>10}{'here':>10}{'otherwise':>10}  {'sum there':<14}{'sum here':<14}"
    for path, tally in tallies.items():
        if tally.there:
            sums = "".join(f"{value >> 88:010x}    " for value in (tally.sum_there, tally.sum_here))
            cells = (tally.there, tally.here, tally.changed)
            word = "equal" if tally.agrees else "DIFFERENT"
            yield f"{path:<40}" + "".join(f"{number(cell):>10}" for cell in cells) + f"  {sums}{word}"


def agrees(tallies: Mapping[str, Tally]) -> bool:
    """All rows that are there are here, and alike."""
    return all(tally.agrees for tally in tallies.values())


def files(counts: Counter[str]) -> str:
    """What became of the files."""
    return "files: " + (", ".join(f"{number(count)} {outcome}" for outcome, count in counts.items()) or "none")


def passwords() -> Iterator[str]:
    """What people have to do before they can sign in as they used to."""
    people = Person.objects.filter(active=True, is_bot=False, is_guest=False)
    without = people.filter(password__startswith="!").count()  # noqa: S106 a prefix of Django's, no secret
    if without:
        yield (
            f"{number(without)} active people have no password here: the other server did not tell it. "
            "They ask for one by “forgotten password” on the login page, or you send them the mail from the back-office."
        )
    yield "Second factors do not come along: whoever used one sets it up anew. Bots need new tokens."


def first(lines: list[str]) -> Iterator[str]:
    """The first lines, and how many more there are."""
    yield from lines[:MOST_SHOWN]
    if len(lines) > MOST_SHOWN:
        yield f"… and {number(len(lines) - MOST_SHOWN)} more"

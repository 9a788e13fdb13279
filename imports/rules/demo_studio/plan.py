"""How much of everything a demonstration studio has."""

from dataclasses import dataclass, fields

from core.errors import WrongParameter

SIDE_ASSETS, SIDE_SHOTS, SIDE_TASKS = 50, 100, 5
MOST_TASKS = {"tasks_per_asset": 6, "tasks_per_shot": 7}


@dataclass(frozen=True)
class Plan:
    """The counts of a studio: `assets`, `shots` and the tasks per entity are the main production's, the rest the studio's.

    Every further production is small: 50 assets, 100 shots and 5 tasks for each, or as much as the main one has where that is less.
    """

    productions: int = 1
    assets: int = 50
    shots: int = 100
    tasks_per_asset: int = 5
    tasks_per_shot: int = 5
    casting_links: int = 520
    comments: int = 1500
    time_spents: int = 280
    previews: int = 203
    people: int = 10
    playlists: int = 5
    shots_per_playlist: int = 25

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 0:
                raise WrongParameter(f"{field.name} must not be negative.")
        for name, most in MOST_TASKS.items():
            if getattr(self, name) > most:
                raise WrongParameter(f"{name} must not exceed {most}, the number of task types.")
        if self.productions < 1 or self.people < 6:
            raise WrongParameter("A studio needs one production and six people, one of each role.")

    def of_production(self, number: int) -> tuple[int, int, int, int]:
        """Assets, shots, tasks per asset and tasks per shot of a production; the main one is number 0."""
        whole = (self.assets, self.shots, self.tasks_per_asset, self.tasks_per_shot)
        if number == 0:
            return whole
        side = (SIDE_ASSETS, SIDE_SHOTS, SIDE_TASKS, SIDE_TASKS)
        return tuple(map(min, whole, side))  # type: ignore[return-value]


SIZES = {
    "S": Plan(),
    "M": Plan(
        productions=3,
        assets=500,
        shots=2000,
        tasks_per_asset=6,
        tasks_per_shot=6,
        casting_links=10885,
        comments=33000,
        time_spents=7920,
        previews=4472,
        people=40,
        playlists=20,
    ),
    "L": Plan(
        productions=3,
        assets=2000,
        shots=10000,
        tasks_per_asset=6,
        tasks_per_shot=6,
        casting_links=51043,
        comments=153000,
        time_spents=25840,
        previews=21176,
        people=80,
        playlists=20,
        shots_per_playlist=40,
    ),
}

"""What is brought over of a ShotGrid site, in an order in which everything comes after what it refers to."""

from dataclasses import dataclass

PROJECT_OF = "project"


@dataclass(frozen=True)
class Kind:
    """A type of entity at ShotGrid: its name there, the route that takes it, the fields that it is asked for.

    `custom` asks for the studio's own fields, too; `in_project` says that its entries belong to a production.
    """

    name: str
    route: str
    fields: tuple[str, ...]
    custom: bool = False
    in_project: bool = True


KINDS = (
    Kind(
        "HumanUser",
        "persons",
        ("firstname", "lastname", "email", "login", "sg_status_list", "permission_rule_set", "department"),
        in_project=False,
    ),
    Kind("Project", "projects", ("name", "sg_status"), custom=True, in_project=False),
    Kind("ProjectUserConnection", "project-connections", ("project", "user")),
    Kind("Step", "steps", ("code", "short_name", "color", "entity_type"), in_project=False),
    Kind("Status", "status", ("name", "code", "bg_color"), in_project=False),
    Kind("Episode", "episodes", ("code", "description", "project")),
    Kind("Sequence", "sequences", ("code", "description", "project", "episode")),
    Kind("Scene", "scenes", ("code", "project", "sequence_sg_scenes_1_sequences")),
    Kind("Asset", "assets", ("code", "description", "sg_asset_type", "project", "parents")),
    Kind("Shot", "shots", ("code", "project", "sg_sequence", "sg_scene", "sg_cut_in", "sg_cut_duration", "assets"), custom=True),
    Kind(
        "Task",
        "tasks",
        (
            *("cached_display_name", "content", "step", "project", "entity", "sg_status_list", "created_by"),
            *("start_date", "due_date", "duration", "sg_sort_order", "task_assignees"),
        ),
    ),
    Kind("Version", "versions", ("code", "description", "sg_task", "user", "sg_uploaded_movie", "project")),
    Kind("Note", "notes", ("content", "created_at", "tasks", "user", "project")),
)
BY_NAME = {kind.name: kind for kind in KINDS}

"""The people of whom the permission table speaks, their audiences by name, and one row of everything, for `permissions.tsv`."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from assets.models import AssetInstance, Entity, EntityLink
from chat.models import Chat, ChatMessage
from core.api.routes import api_routes
from core.api.views import ResourceViewSet
from files.models import AttachmentFile, FileStatus, OutputFile, OutputType, PreviewFile, WorkingFile
from imports.models import DataImportError
from people.models import DayOff, HardwareItemDepartmentLink, Person, SoftwareDepartmentLink
from playlists.models import BuildJob, Playlist, PlaylistShareLink
from production.models import (
    Budget,
    BudgetEntry,
    EntityType,
    MetadataDescriptor,
    Milestone,
    Project,
    ProjectStatus,
    ProjectTaskTypeSoftwareLink,
    ScheduleItem,
    SearchFilter,
    SearchFilterGroup,
)
from tasks.models import Comment, Notification, Task, TimeSpent
from tests import makers
from tests.rows import Rows

# Everybody here is in the team of one open production, except the admin and those from elsewhere.
TEAM = {
    "manager": "manager",
    "supervisor": "supervisor",  # of no department, and so of all
    "lead": "supervisor",  # of the department of the tasks
    "gaffer": "supervisor",  # of another department
    "artist": "user",  # assigned to every task; the comment, the reply, the message, the day off and the filters are theirs
    "user": "user",  # assigned to nothing, of the department of the tasks
    "client": "client",
    "hired": "vendor",  # assigned to every task
    "vendor": "vendor",  # assigned to nothing
    "promoted": "user",  # a manager in this production
    "demoted": "manager",  # an artist in this production
    "bot": "manager",
}
ROLES_HERE = {"promoted": "manager", "demoted": "user"}
ELSEWHERE = {f"{role} elsewhere".replace(" ", "_"): role for role in ("manager", "supervisor", "user", "client", "vendor")}
OUTSIDE = set(ELSEWHERE)
SIGNED_IN = {"admin", *TEAM, *OUTSIDE}
MEMBERS = {"admin", *TEAM}
MANAGERS = {"admin", "manager", "promoted", "bot"}
AUDIENCES: dict[str, set[str]] = {
    "ANYBODY": {*SIGNED_IN, "anonymous"},
    "SIGNED_IN": SIGNED_IN,
    "HUMANS": SIGNED_IN - {"bot"},
    "ADMIN": {"admin"},
    "STUDIO_MANAGERS": {"admin", "manager", "demoted", "bot", "manager_elsewhere"},
    "STUDIO_SUPERVISORS": {
        *("admin", "manager", "demoted", "bot", "manager_elsewhere", "supervisor", "lead", "gaffer", "supervisor_elsewhere")
    },
    "NO_VENDORS_ANYWHERE": SIGNED_IN - {"hired", "vendor", "vendor_elsewhere"},
    "TEAM": MEMBERS,
    "TEAM_BUT_CLIENTS": MEMBERS - {"client"},
    "TEAM_BUT_VENDORS": MEMBERS - {"hired", "vendor"},
    "STAFF": MEMBERS - {"client", "hired", "vendor"},
    "MANAGERS": MANAGERS,
    "SUPERVISORS": MANAGERS | {"supervisor", "lead", "gaffer"},
    "SUPERVISORS_OF_THE_TASKS": MANAGERS | {"supervisor", "lead"},
    "WHO_SEES_THE_ENTITY": MEMBERS - {"vendor"},
    "WHO_ACTS_ON_THE_TASK": MANAGERS | {"supervisor", "lead", "client", "artist", "hired"},
    "THEMSELF": {"admin", "artist"},
    "OUTSIDE": OUTSIDE,
}
# The id of the artist’s reply.
REPLY = "bbbbbbbb-0000-4000-8000-000000000001"
FOLDERS = {"shot": "<Project>/<Sequence>/<Shot>", "asset": "<Project>/<Asset>", "instance": "<Project>/<Instance>"}
NAMES = {"shot": "<Shot>", "asset": "<Asset>", "instance": "<Instance>"}
MODE = {"mountpoint": "/", "root": "w", "folder_path": {**FOLDERS, "style": ""}, "file_name": {**NAMES, "style": ""}}
TREE = {"working": MODE, "output": MODE}
# Parameters of paths, and the address below which their rows are.
SINGULARS = {
    "comment": "comments",
    "preview": "preview-files",
    "template": "project-templates",
    "budget": "budgets",
    "department": "departments",
    "version": "production-schedule-versions",
    "attachment": "attachment-files",
    "link": "entity-links",
    "output_type": "output-types",
    "file_status": "file-status",
    "software": "softwares",
    "hardware": "hardware-items",
    "notification": "notifications",
    "playlist": "playlists",
    "news": "news",
    "automation": "status-automations",
    "background": "preview-background-files",
    "descriptor": "metadata-descriptors",
}


def pick(words: str) -> set[str]:
    """The people whom words name: audiences and persons; a minus takes away."""
    found: set[str] = set()
    for word in words.split():
        named = AUDIENCES.get(word.lstrip("-"), {word.lstrip("-")})
        found = found - named if word.startswith("-") else found | named
    return found


def name_of(people: set[str]) -> str:
    """The shortest words for these people."""

    def words(name: str) -> list[str]:
        audience = AUDIENCES[name]
        return [name, *(f"-{n}" for n in sorted(audience - people)), *sorted(people - audience)]

    return " ".join(min([*(words(name) for name in AUDIENCES), sorted(people)], key=lambda w: (len(w), " ".join(w))))


@dataclass
class Company:
    """The people by name, and the ids by which paths and bodies name rows; `spare` rows are there to be deleted."""

    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    spare: dict[str, str] = field(default_factory=dict)


def gather_people(light: Any, other: Any) -> tuple[Project, dict[str, Person]]:
    """The production, and everybody."""
    project, elsewhere = makers.make_project(name="Here", file_tree=TREE), makers.make_project(name="Elsewhere")
    roles = {"admin": "admin", **TEAM, **ELSEWHERE}
    people = {n: makers.make_person(role=r, first_name=n.title(), email=f"{n}@studio.example") for n, r in roles.items()}
    Person.objects.filter(pk=people["bot"].pk).update(is_bot=True)
    people["bot"].refresh_from_db()
    for name in TEAM:
        makers.join_team(project, people[name], role=ROLES_HERE.get(name))
    makers.join_team(elsewhere, *(people[name] for name in ELSEWHERE))
    for name, department in (("lead", light), ("user", light), ("gaffer", other)):
        people[name].departments.add(department)
    return project, people


def resources() -> dict[str, Any]:
    """The model behind each generic address."""
    return {
        r.path.split("/")[2]: r.view.reader.model
        for r in api_routes()
        if issubclass(r.view, ResourceViewSet) and r.action in ("retrieve", "destroy", "update") and r.path.count("/") == 3
    }


def make_entities(project: Project) -> dict[str, Entity]:
    """An entity of every kind, by the name of its kind."""
    asset, sequence = makers.make_asset(project), makers.make_sequence(project, parent=makers.make_entity("Episode", project))
    placed = {"asset": asset, "sequence": sequence, "episode": sequence.parent, "shot": makers.make_shot(project, parent=sequence)}
    loose = {k: makers.make_entity(k, project, parent=sequence if k == "Scene" else None) for k in ("Scene", "Edit", "Concept")}
    return placed | {kind.lower(): entity for kind, entity in loose.items()}


def make_review(base: dict[str, Any], people: dict[str, Person]) -> list[Any]:
    """What is said and shown of the shot's task."""
    artist, task, shot = base["person"], base["task"], base["entity"]
    reply = {"id": REPLY, "person_id": str(artist.pk), "text": "y", "date": "2026-02-03T10:00:00"}
    said = {"object_id": task.pk, "object_type": "Task", "task_status": base["task_status"], "text": "x"}
    comment = Comment.objects.create(person=artist, replies=[{**reply, "mentions": [], "department_mentions": []}], **said)
    preview = PreviewFile.objects.create(
        name="p", task=task, person=artist, revision=1, position=1, extension="png", status="ready", validation_status="neutral"
    )
    comment.previews.add(preview)
    chat = Chat.objects.create(object_id=shot.pk)
    chat.participants.set(people.values())
    entries = [{"entity_id": str(shot.pk), "preview_file_id": str(preview.pk)}]
    return [
        *(comment, preview, chat),
        ChatMessage.objects.create(chat=chat, person=artist, text="z"),
        AttachmentFile.objects.create(name="a.png", comment=comment, extension="png", mimetype="image/png", size=1),
        Notification.objects.create(person=artist, author=artist, notification_type="comment", comment=comment, task=task),
        Playlist.objects.create(project=base["project"], name="P", shots=entries, creator=people["lead"]),
    ]


def make_files(base: dict[str, Any]) -> list[Any]:
    """What is published of the shot."""
    artist, shot = base["person"], base["entity"]
    kind = OutputType.objects.create(name="Cache", short_name="cch")
    status = FileStatus.objects.create(name="To do", color="#112233")
    output = OutputFile.objects.create(
        name="o", entity=shot, output_type=kind, task_type=base["task_type"], file_status=status, revision=1, person=artist
    )
    working = WorkingFile.objects.create(name="w", task=base["task"], entity=shot, person=artist, revision=1, path="/w")
    return [kind, status, output, working]


def make_plans(base: dict[str, Any], entities: dict[str, Entity]) -> list[Any]:
    """Casting, columns, money, dates, hours and kept searches."""
    project, artist, asset = base["project"], base["person"], entities["asset"]
    column = MetadataDescriptor.objects.create(project=project, entity_type="Shot", name="Mood", field_name="mood")
    column.departments.add(base["department"])
    budget = Budget.objects.create(project=project, name="B")
    day = date(2026, 2, 3)
    return [
        *(column, budget, asset.entity_type),
        BudgetEntry.objects.create(budget=budget, department=base["department"], start_date=day, months_duration=1, daily_salary=1),
        AssetInstance.objects.create(asset=asset, number=1, name="i", scene=entities["scene"], data={}),
        EntityLink.objects.create(entity_in=base["entity"], entity_out=asset),
        Milestone.objects.create(project=project, name="M", date=day, task_type=base["task_type"]),
        ScheduleItem.objects.create(project=project, task_type=base["task_type"], object_id=asset.entity_type_id),
        SearchFilter.objects.create(list_type="todo", name="S", search_query="x", person=artist),
        SearchFilterGroup.objects.create(list_type="todo", name="G", person=artist),
        TimeSpent.objects.create(person=artist, task=base["task"], date=day, duration=60),
        DayOff.objects.create(person=artist, date=date(2026, 2, 10), end_date=date(2026, 2, 11)),
    ]


def rows_of_words(rows: Rows, base: dict[str, Any]) -> dict[str, Any]:
    """The rows that words in paths and bodies stand for, where the word is not an address of the generic layer."""
    kind = rows.row(EntityType)
    return {
        **{word: base[word] for word in ("project", "person", "task", "entity", "task_type")},
        "sibling": makers.make_task(base["project"], entity=base["entity"], task_status=base["task_status"]),
        "folder": makers.make_entity("ConceptFolder", base["project"], data=None),
        "messages": rows.row(ChatMessage),
        "filters": rows.row(SearchFilter),
        "filter-groups": rows.row(SearchFilterGroup),
        "files": rows.row(WorkingFile),
        "asset-types": kind,
        "asset_type": kind,
        "task-statuses": base["task_status"],
        "wip": base["task_status"],
        "light": base["department"],
        "instance": rows.row(AssetInstance),
        "entry": rows.row(BudgetEntry),
        "other_version": rows.make(resources()["production-schedule-versions"]),
        "unlinked_task_type": makers.make_task_type(),
        "unlinked_status": makers.make_task_status(),
        "stranger": makers.make_person(),
        "closed": makers.make_project(project_status=ProjectStatus.objects.create(name="Closed", color="#000000")),
        "error": rows.row(DataImportError),
        "job": BuildJob.objects.create(playlist=rows.row(Playlist)),
    }


def link_configuration(found: dict[str, Any], base: dict[str, Any]) -> None:
    """Joins the studio's rows with the production, the template and the department."""
    project, task_type, department = base["project"], base["task_type"], base["department"]
    for holder in (project, found["project-templates"]):
        holder.task_types.add(task_type)
        holder.task_statuses.add(base["task_status"])
        holder.asset_types.add(found["asset_type"])
    found["project-templates"].status_automations.add(found["status-automations"])
    found["project-templates"].preview_background_files.add(found["preview-background-files"])
    ProjectTaskTypeSoftwareLink.objects.create(project=project, task_type=task_type, software=found["softwares"])
    HardwareItemDepartmentLink.objects.create(department=department, hardware_item=found["hardware-items"])
    SoftwareDepartmentLink.objects.create(department=department, software=found["softwares"])


def make_company() -> Company:
    """Stores everybody and everything."""
    light, other = makers.make_department(name="Light"), makers.make_department(name="Sound")
    project, people = gather_people(light, other)
    task_type, wip = makers.make_task_type(name="Lighting", department=light), makers.make_task_status(is_default=True)
    entities = make_entities(project)
    assignees = [people["artist"], people["hired"]]
    tasks = {
        name: makers.make_task(project, entity=e, task_type=task_type, task_status=wip, assignees=assignees)
        for name, e in entities.items()
    }
    base = {"project": project, "person": people["artist"], "task": tasks["shot"], "entity": entities["shot"]}
    base |= {"task_type": task_type, "task_status": wip, "department": light}
    rows = Rows(**base)
    rows.known |= {type(row): row for row in (*make_review(base, people), *make_files(base), *make_plans(base, entities))}
    found = entities | rows_of_words(rows, base) | {name: people[name] for name in TEAM}
    found |= {"asset_task": tasks["asset"], "concept_task": tasks["concept"]}
    for segment, model in resources().items():
        found.setdefault(segment, rows.row(model))
    link_configuration(found, base)
    found |= {word: found[segment] for word, segment in SINGULARS.items()}
    link = PlaylistShareLink.objects.create(token="opensesame", playlist=rows.row(Playlist), creator=people["manager"])
    ids = {name: str(row.pk) for name, row in found.items()} | {"reply": REPLY, "token": link.token}
    spare = {segment: str(pk) for segment, pk in spares(rows, people["artist"])} | {"projects": ids["closed"]}
    return Company(people=people, ids=ids, spare=spare)


def spares(rows: Rows, artist: Person) -> list[tuple[str, Any]]:
    """A further row of everything, that nothing refers to."""
    found: list[tuple[str, Any]] = []
    wanted = ("project", "task", "person", "entity", "comment", "budget", "task_type", "task_status")
    for segment, model in resources().items():
        names = {f.name: f.related_model for f in model._meta.concrete_fields if f.is_relation}
        values = {n: rows.row(names[n]) for n in wanted if n in names}
        if model is Entity:
            values |= {"parent": None, "creator": artist}
        elif model is Comment:
            values |= {"object_id": rows.row(Task).pk, "object_type": "Task"}
        elif model is Task:
            values["name"] = "spare"
        try:
            with transaction.atomic():
                found.append((segment, rows.make(model, **values).pk))
        except IntegrityError:  # of links there can only be one between the same rows
            found.append((segment, rows.row(model).pk))
    for name in ("Asset", "Shot", "Sequence", "Episode", "Scene", "Edit", "Concept", "Folder"):
        kind = {"Asset": "Character", "Folder": "ConceptFolder"}.get(name, name)
        found.append((name.lower(), makers.make_entity(kind, rows.row(Project), creator=artist).pk))
    return found

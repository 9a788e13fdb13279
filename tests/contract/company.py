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


def make_company() -> Company:
    """Stores everybody and everything."""
    light, other = makers.make_department(name="Light"), makers.make_department(name="Sound")
    project, people = gather_people(light, other)
    artist = people["artist"]
    task_type, wip = makers.make_task_type(name="Lighting", department=light), makers.make_task_status(is_default=True)
    asset, sequence = makers.make_asset(project), makers.make_sequence(project, parent=makers.make_entity("Episode", project))
    shot = makers.make_shot(project, parent=sequence)
    of_shot = {k: makers.make_entity(k, project, parent=sequence if k == "Scene" else None) for k in ("Scene", "Edit", "Concept")}
    entities = {"asset": asset, "sequence": sequence, "episode": sequence.parent, "shot": shot}
    entities |= {kind.lower(): entity for kind, entity in of_shot.items()}
    tasks = {
        name: makers.make_task(project, entity=e, task_type=task_type, task_status=wip, assignees=[artist, people["hired"]])
        for name, e in entities.items()
    }
    task, folder = tasks["shot"], makers.make_entity("ConceptFolder", project, data=None)
    project.task_types.add(task_type)
    project.task_statuses.add(wip)
    project.asset_types.add(asset.entity_type)
    said = {"object_id": task.pk, "object_type": "Task", "task_status": wip, "text": "x"}
    reply = {"id": "bbbbbbbb-0000-4000-8000-000000000001", "person_id": str(artist.pk), "text": "y", "date": "2026-02-03T10:00:00"}
    comment = Comment.objects.create(person=artist, replies=[{**reply, "mentions": [], "department_mentions": []}], **said)
    preview = PreviewFile.objects.create(
        name="p", task=task, person=artist, revision=1, position=1, extension="png", status="ready", validation_status="neutral"
    )
    comment.previews.add(preview)
    chat = Chat.objects.create(object_id=shot.pk)
    chat.participants.set(people.values())
    column = MetadataDescriptor.objects.create(project=project, entity_type="Shot", name="Mood", field_name="mood")
    column.departments.add(light)
    kind = OutputType.objects.create(name="Cache", short_name="cch")
    status = FileStatus.objects.create(name="To do", color="#112233")
    output = OutputFile.objects.create(
        name="o", entity=shot, output_type=kind, task_type=task_type, file_status=status, revision=1, person=artist
    )
    entries = [{"entity_id": str(shot.pk), "preview_file_id": str(preview.pk)}]
    rows = Rows(project=project, person=artist, task=task, entity=shot, task_type=task_type, task_status=wip, department=light)
    known = [
        *(comment, preview, chat, kind, status, output),
        asset.entity_type,
        ChatMessage.objects.create(chat=chat, person=artist, text="z"),
        AttachmentFile.objects.create(name="a.png", comment=comment, extension="png", mimetype="image/png", size=1),
        AssetInstance.objects.create(asset=asset, number=1, name="i", scene=entities["scene"], data={}),
        EntityLink.objects.create(entity_in=shot, entity_out=asset),
        Budget.objects.create(project=project, name="B"),
        column,
        Milestone.objects.create(project=project, name="M", date=date(2026, 2, 3), task_type=task_type),
        ScheduleItem.objects.create(project=project, task_type=task_type, object_id=asset.entity_type_id),
        SearchFilter.objects.create(list_type="todo", name="S", search_query="x", person=artist),
        SearchFilterGroup.objects.create(list_type="todo", name="G", person=artist),
        Notification.objects.create(person=artist, author=artist, notification_type="comment", comment=comment, task=task),
        TimeSpent.objects.create(person=artist, task=task, date=date(2026, 2, 3), duration=60),
        DayOff.objects.create(person=artist, date=date(2026, 2, 10), end_date=date(2026, 2, 11)),
        Playlist.objects.create(project=project, name="P", shots=entries, creator=people["lead"]),
        WorkingFile.objects.create(name="w", task=task, entity=shot, person=artist, revision=1, path="/w"),
    ]
    rows.known |= {type(row): row for row in known}
    company = Company(people=people)
    found = entities | {
        "project": project,
        "person": artist,
        "task": task,
        "sibling": makers.make_task(project, entity=shot, task_type=makers.make_task_type(), task_status=wip),
        "asset_task": tasks["asset"],
        "concept_task": tasks["concept"],
        "folder": folder,
        "messages": rows.row(ChatMessage),
        "filters": rows.row(SearchFilter),
        "filter-groups": rows.row(SearchFilterGroup),
        "files": rows.row(WorkingFile),
        "asset-types": asset.entity_type,
        "task-statuses": wip,
        "entity": shot,
        "task_type": task_type,
        "asset_type": asset.entity_type,
        "light": light,
        "wip": wip,
        "instance": rows.row(AssetInstance),
        "entry": BudgetEntry.objects.create(
            budget=rows.row(Budget), department=light, start_date=date(2026, 1, 1), months_duration=1, daily_salary=1
        ),
        "other_version": rows.make(resources()["production-schedule-versions"]),
        "unlinked_task_type": makers.make_task_type(),
        "unlinked_status": makers.make_task_status(),
        "stranger": makers.make_person(),
        "closed": makers.make_project(project_status=ProjectStatus.objects.create(name="Closed", color="#000000")),
        "error": rows.row(DataImportError),
        "job": BuildJob.objects.create(playlist=rows.row(Playlist)),
        **{name: people[name] for name in TEAM},
    }
    for segment, model in resources().items():
        found.setdefault(segment, rows.row(model))
    ProjectTaskTypeSoftwareLink.objects.create(project=project, task_type=task_type, software=found["softwares"])
    template = found["project-templates"]
    template.task_types.add(task_type)
    template.task_statuses.add(wip)
    template.asset_types.add(asset.entity_type)
    template.status_automations.add(found["status-automations"])
    template.preview_background_files.add(found["preview-background-files"])
    HardwareItemDepartmentLink.objects.create(department=light, hardware_item=found["hardware-items"])
    SoftwareDepartmentLink.objects.create(department=light, software=found["softwares"])
    for word, segment in SINGULARS.items():
        found[word] = found[segment]
    link = PlaylistShareLink.objects.create(token="opensesame", playlist=rows.row(Playlist), creator=people["manager"])
    company.ids = {name: str(row.pk) for name, row in found.items()} | {"reply": reply["id"], "token": link.token}
    company.spare = {segment: str(pk) for segment, pk in spares(rows, artist)} | {"projects": company.ids["closed"]}
    return company


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

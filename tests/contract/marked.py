"""A production's rows of every kind, marked by a word, for the tests that look for what must not be seen or reached."""

from datetime import date
from typing import Any

from assets.models import AssetInstance, EntityLink
from chat.models import Chat, ChatMessage
from events.models import ApiEvent
from files.models import AttachmentFile, FileStatus, OutputFile, OutputType, PreviewFile, WorkingFile
from people.models import Department, Person
from playlists.models import BuildJob, Playlist
from production.models import Budget, BudgetEntry, MetadataDescriptor, Milestone, ProductionScheduleVersion, Project, ScheduleItem
from tasks.models import Comment, News, TimeSpent
from tests import makers

KINDS = ("Episode", "Sequence", "Shot", "Character", "Scene", "Edit", "Concept", "ConceptFolder")
PARENTS = {"Sequence": "Episode", "Shot": "Sequence", "Scene": "Sequence"}


def furnish(project: Project, word: str, author: Person, **task: Any) -> dict[str, str]:
    """Stores the rows, all of which have the word in a text; answers their ids by the names of the permission table."""
    entities: dict[str, Any] = {}
    for kind in KINDS:
        parent = entities.get(PARENTS.get(kind, ""))
        entities[kind] = makers.make_entity(kind, project, name=f"{word} {kind}", parent=parent, description=word)
    tasks = {kind: makers.make_task(project, entity=e, name=f"{word} task", **task) for kind, e in entities.items()}
    shot, asset, work = entities["Shot"], entities["Character"], tasks["Shot"]
    said = Comment.objects.create(object_id=work.pk, object_type="Task", task_status=work.task_status, text=word, person=author)
    preview = PreviewFile.objects.create(
        name=word, original_name=word, task=work, person=author, revision=1, position=1, extension="png", status="ready"
    )
    said.previews.add(preview)
    budget, entry = Budget.objects.create(project=project, name=word), {"start_date": date(2026, 1, 1), "months_duration": 1}
    playlist = Playlist.objects.create(project=project, name=word, shots=[shown(shot, preview)])
    kind, status = OutputType.objects.first(), FileStatus.objects.first()
    files = {"name": word, "entity": shot, "person": author, "revision": 1, "path": f"/{word}"}
    column = {"entity_type": "Shot", "name": f"{word} column", "field_name": word.lower()}
    when, spent = date(2026, 2, 3), {"duration": task.get("duration", 1), "date": date(2026, 2, 3)}
    ApiEvent.objects.create(name="task:update", data={"task_id": word}, project_id=project.pk, user_id=author.pk)
    rows: dict[str, Any] = {
        "project": project,
        "entity": shot,
        **{kind.lower(): entity for kind, entity in entities.items()},
        "asset": asset,
        "folder": entities["ConceptFolder"],
        "tasks": work,
        "comments": said,
        "preview-files": preview,
        "entity-links": EntityLink.objects.create(entity_in=shot, entity_out=asset, label=word),
        "asset-instances": AssetInstance.objects.create(asset=asset, number=1, name=word, scene=entities["Scene"], data={}),
        "news": News.objects.create(author=author, comment=said, task=work, preview_file=preview),
        "time-spents": TimeSpent.objects.create(person=author, task=work, **spent),
        "milestones": Milestone.objects.create(project=project, name=word, date=when, task_type=work.task_type),
        "schedule-items": ScheduleItem.objects.create(project=project, task_type=work.task_type, object_id=shot.pk),
        "production-schedule-versions": ProductionScheduleVersion.objects.create(project=project, name=word),
        "playlists": playlist,
        "job": BuildJob.objects.create(playlist=playlist, message=word),
        "budgets": budget,
        "entry": BudgetEntry.objects.create(budget=budget, department=Department.objects.first(), daily_salary=1, **entry),
        "metadata-descriptors": MetadataDescriptor.objects.create(project=project, **column),
        "working-files": WorkingFile.objects.create(task=work, **files),
        "output-files": OutputFile.objects.create(output_type=kind, task_type=work.task_type, file_status=status, **files),
        "attachment-files": AttachmentFile.objects.create(
            name=f"{word}.png", comment=said, extension="png", mimetype="image/png", size=1
        ),
        "messages": ChatMessage.objects.create(chat=Chat.objects.create(object_id=shot.pk), person=author, text=word),
    }
    return {name: str(row.pk) for name, row in rows.items()}


def shown(shot: Any, preview: PreviewFile) -> dict[str, str]:
    """An entry of a playlist."""
    return {"entity_id": str(shot.pk), "preview_file_id": str(preview.pk)}

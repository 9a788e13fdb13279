"""Plans of imports: a sheet is looked through line by line before it is applied, and does then what was seen, or nothing."""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from assets.models import Entity
from core.errors import NotFound, Refusal
from core.json import dumps
from core.models import now
from core.rules import wipe
from core.transactions import whole_step
from imports.models import ImportPlan
from imports.rules.records import OFFICE, Origin
from imports.rules.sheets.base import Report, SheetImport
from imports.rules.sheets.kinds import sheet_import
from people.models import Person
from production.models import Project, TaskType

LIFETIME = timedelta(hours=2)
GONE = "This plan was applied already, or has expired. Upload the file again."
CHANGED = "The studio has changed since you looked: nothing was stored. This is what the file would do now."


class PlanChanged(Refusal):
    """Applying the plan would do something else than what was shown."""


def digest_of(report: Report) -> str:
    """What stands for all that a report says."""
    return sha256(dumps(report.lines)).hexdigest()


@whole_step()
def draw_up(
    kind: str,
    content: bytes,
    *,
    by: Person,
    file_name: str,
    update: bool,
    project: Project | None = None,
    task_type: TaskType | None = None,
    episode: Entity | None = None,
) -> ImportPlan:
    """Keep a sheet for a look and a decision. Raises a refusal for a file that is no such sheet at all."""
    wipe(ImportPlan.objects.filter(created_at__lt=now() - LIFETIME))
    chosen = {"project": project, "task_type": task_type, "episode": episode}
    target = {name: str(row.pk) for name, row in chosen.items() if row is not None}
    plan = ImportPlan(owner_id=by.pk, kind=kind, update=update, target=target, file_name=file_name[-255:], content=content)
    look_through(plan, by=by)
    plan.save(force_insert=True)
    return plan


def plan_of(plan_id: Any, *, by: Person, hold: bool = False) -> ImportPlan:
    """A person's own plan that is still good. Raises NotFound."""
    plans = ImportPlan.objects.filter(pk=plan_id, owner_id=by.pk, created_at__gte=now() - LIFETIME)
    plan = (plans.select_for_update() if hold else plans).first()
    if plan is None:
        raise NotFound(GONE)
    return plan


def look_through(plan: ImportPlan, *, by: Person) -> Report:
    """What the plan would do to the studio as it is now. Stores nothing."""
    return importer_of(plan, by=by).run(bytes(plan.content), dry_run=True)


@whole_step()
def apply_plan(plan_id: Any, seen: str, *, by: Person) -> Report:
    """Do what the person saw, `seen` being the digest of it; the plan is spent by that.

    Raises NotFound for a plan that is spent or expired, PlanChanged where it would do something else by now, a refusal where
    a line is refused; then nothing is stored.
    """
    plan = plan_of(plan_id, by=by, hold=True)
    content = bytes(plan.content)
    report = importer_of(plan, by=by).run(content, origin=Origin.of_bytes(OFFICE, content, plan.file_name))
    if digest_of(report) != seen:
        raise PlanChanged(CHANGED)
    plan.delete()
    return report


@whole_step()
def give_up(plan_id: Any, *, by: Person) -> None:
    """Forget a plan."""
    ImportPlan.objects.filter(pk=plan_id, owner_id=by.pk).delete()


def importer_of(plan: ImportPlan, *, by: Person) -> SheetImport:
    """The import that a plan is for. Raises NotFound where its task type is gone."""
    target = {name: UUID(pk) for name, pk in plan.target.items()}
    task_type = TaskType.objects.filter(pk=target["task_type"]).first() if "task_type" in target else None
    if "task_type" in target and task_type is None:
        raise NotFound(GONE)
    return sheet_import(plan.kind, target.get("project"), task_type, target.get("episode"), by=by, update=plan.update)

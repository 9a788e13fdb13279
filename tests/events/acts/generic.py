"""What the generic routes tell: a row made, changed, deleted."""

from chat.models import Chat
from core.json import dumps, loads
from core.projection import Projection
from tests.events.acts.form import act

VERBS = ("new", "update", "delete")
# The table, the object in the events' names, who hears of it, and which verbs are left out here since they have acts of their own.
TABLES = [
    ("asset-instances", "asset-instance", "@team", ""),
    ("attachment-files", "attachment-file", "@team", ""),
    ("budget-entries", "budget-entry", "@team", ""),
    ("budgets", "budget", "", ""),
    ("chat-messages", "chat-message", "@team", ""),
    ("chats", "chat", "@team", ""),
    ("custom-actions", "custom-action", "@studio", ""),
    ("day-offs", "day-off", "@studio", ""),
    ("departments", "department", "@studio", ""),
    ("entity-links", "entity-link", "@team", ""),
    ("entity-types", "asset-type", "@studio", ""),
    ("events", "api-event", "", ""),
    ("file-status", "file-status", "@studio", ""),
    ("hardware-items", "hardware-item", "@studio", ""),
    ("metadata-descriptors", "metadata-descriptor", "", ""),
    ("milestones", "milestone", "", ""),
    ("news", "news", "@team", ""),
    ("notifications", "notification", "@team", ""),
    ("organisations", "organisation", "@studio", ""),
    ("output-files", "output-file", "", ""),
    ("output-types", "output-type", "@studio", ""),
    ("persons", "person", "@studio", "new delete"),
    ("plugins", "plugin", "@studio", ""),
    ("preview-background-files", "preview-background-file", "@studio", ""),
    ("preview-files", "preview-file", "@team", ""),
    ("production-schedule-version-task-links", "production-schedule-version-task-link", "@team", ""),
    ("production-schedule-versions", "production-schedule-version", "", ""),
    ("project-status", "project-status", "@studio", ""),
    ("project-templates", "project-template", "@studio", ""),
    ("salary-scales", "salary-scale", "@studio", "new"),
    ("schedule-items", "schedule-item", "", ""),
    ("search-filter-groups", "search-filter-group", "", ""),
    ("search-filters", "search-filter", "", ""),
    ("softwares", "software", "@studio", ""),
    ("status-automations", "status-automation", "@studio", ""),
    ("studios", "studio", "@studio", ""),
    ("subscriptions", "subscription", "@team", ""),
    ("task-status", "task-status", "@studio", ""),
    ("task-types", "task-type", "@studio", ""),
    ("working-files", "working-file", "@team", ""),
]


def sample(ground, table):
    """A row of the table, within the production where it can be."""
    model = ground.models[table]
    wanted = {
        "project": ground.project,
        "task": ground.task,
        "comment": ground.comment,
        "entity": ground.shot,
        "person": ground.user,
    }
    fields = {field.name for field in model._meta.concrete_fields}
    values = {name: row for name, row in wanted.items() if name in fields} | ({"color": "#112233"} if "color" in fields else {})
    if table == "events":
        values["name"] = "written by hand"
    if table == "chats":
        values["object_id"] = ground.shot.pk
    if table == "chat-messages":
        values["chat"] = Chat.objects.create(object_id=ground.shot.pk)
    return ground.rows.make(model, **values)


def body_of(row):
    """What a client sends to have such a row made."""
    shown = Projection(type(row)).one(row.pk)
    fields = [
        field for field in row._meta.concrete_fields if not field.primary_key and field.name not in ("created_at", "updated_at")
    ]
    values = loads(dumps(shown))
    return {field.attname: values[field.attname] for field in fields if values[field.attname] is not None}


def made(table):
    def first(ground):
        row = sample(ground, table)
        ground.body = body_of(row)
        row.delete()

    def do(ground):
        return ground.api.post(f"/data/{table}", ground.body)

    return first, do


def written(table, method):
    def first(ground):
        ground.path = f"/data/{table}/{sample(ground, table).pk}"

    def do(ground):
        return ground.api.request(method, ground.path, {} if method == "put" else None)

    return first, do


def acts():
    for table, stem, audience, elsewhere in TABLES:
        key = f"{stem.replace('-', '_')}_id"
        for verb, method in zip(VERBS, ("post", "put", "delete"), strict=True):
            if verb not in elsewhere.split():
                first, do = made(table) if verb == "new" else written(table, method)
                yield act(do, f"{stem}:{verb} {key} {audience}", first=first, name=f"{method} /data/{table}")


ACTS = list(acts())

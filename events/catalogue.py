"""The table of all events: their names, what their payloads hold, whether they are about a production and stay in the log."""

from collections.abc import Iterable
from typing import Any, NamedTuple


class Event(NamedTuple):
    """One form of an event. `keys` and `optional` are the payload's, beside `project_id`, which only events of a production have.

    An event may have several forms: what the generic routes tell is often less than what a rule does.
    """

    name: str
    keys: str
    of_production: bool = True
    stored: bool = True
    optional: str = ""

    def fits(self, payload: dict[str, Any], *, stored: bool) -> bool:
        """The payload has this form."""
        needed, further = set(self.keys.split()), set(self.optional.split())
        if self.of_production:
            further.add("project_id")
        return stored == self.stored and needed <= payload.keys() <= needed | further


class UnknownEvent(Exception):
    """An event that the table does not have, or not in this form."""


def generic(stems: str, *, of_production: bool = False, acts: str = "new update delete") -> Iterable[Event]:
    """What the generic routes of models tell: `<model>:<act>` with the row's id."""
    for stem in stems.split():
        for act in acts.split():
            yield Event(f"{stem}:{act}", f"{stem.replace('-', '_')}_id", of_production)


TASKS = (
    Event("task:new", "task_id"),
    Event("task:update", "task_id"),
    Event("task:delete", "task_id entity_id task_type_id"),
    Event("task:assign", "task_id person_id"),
    Event("task:unassign", "task_id person_id"),
    Event("task:status-changed", "task_id new_task_status_id previous_task_status_id person_id"),
    Event("task:to-review", "task_id new_task_status_id previous_task_status_id person_id comment_id"),
    Event("task:update-casting-stats", "task_id nb_assets_ready", stored=False),
    *generic("time-spent", of_production=True),
)
CONVERSATIONS = (
    Event("comment:new", "comment_id task_id person_id for_client", optional="task_status_id"),
    Event("comment:update", "comment_id task_id person_id for_client"),
    Event("comment:delete", "comment_id", optional="task_id"),
    Event("comment:reply", "task_id comment_id reply_id"),
    Event("comment:delete-reply", "task_id comment_id reply_id", stored=False),
    Event("comment:acknowledge", "comment_id person_id", stored=False),
    Event("comment:unacknowledge", "comment_id person_id", stored=False),
    Event("news:new", "news_id task_status_id task_type_id"),
    Event("news:delete", "news_id"),
    Event("notification:new", "notification_id person_id", stored=False),
    Event("notification:read", "person_id notification_id", of_production=False),
    Event("notification:unread", "person_id notification_id", of_production=False),
    Event("notification:all-read", "person_id", of_production=False),
    Event("chat:joined", "chat_id person_id", of_production=False, stored=False),
    Event("chat:left", "chat_id person_id", of_production=False, stored=False),
    Event("chat:new-message", "chat_id chat_message_id last_message", of_production=False, stored=False),
    Event("chat:deleted-message", "chat_id chat_message_id", of_production=False, stored=False),
    *generic("attachment-file news notification subscription chat chat-message"),
)
FILES = (
    Event("preview-file:new", "preview_file_id comment_id"),
    Event("preview-file:add-file", "comment_id task_id preview_file_id revision extension status"),
    Event("preview-file:update", "preview_file_id", optional="status failure"),
    Event("preview-file:progress", "preview_file_id progress", stored=False),
    Event("preview-file:set-main", "entity_id preview_file_id preview_file_status"),
    Event("preview-file:annotation-update", "preview_file_id person_id updated_at"),
    Event("preview-background-file:add-file", "preview_background_file_id extension", of_production=False),
    Event("person:set-thumbnail", "person_id", of_production=False),
    Event("organisation:set-thumbnail", "organisation_id", of_production=False),
    Event("project:set-thumbnail", "project_id"),
    Event("output_type:new", "output_type_id", of_production=False),
    *generic("working-file output-file", of_production=True),
    *generic("preview-file preview-background-file output-type software file-status"),
)
PLAYLISTS = (
    Event("playlist:add_entity", "playlist_id entity_id preview_file_id"),
    Event("build-job:new", "build_job_id playlist_id created_at"),
    Event("build-job:update", "build_job_id playlist_id status message"),
    Event("build-job:update", "build_job_id playlist_id status message", stored=False),
    Event("build-job:delete", "build_job_id playlist_id"),
    *generic("playlist", of_production=True),
)
ENTITIES = (
    *generic("asset shot sequence episode scene edit concept concept-folder", of_production=True),
    Event("asset:new", "asset_id asset_type"),
    Event("asset:update", "asset_id data"),
    Event("shot:new", "shot_id episode_id"),
    Event("edit:new", "edit_id parent_id"),
    Event("shot:casting-update", "shot_id nb_entities_out", optional="added_asset_ids removed_asset_ids"),
    Event("episode:casting-update", "episode_id nb_entities_out", optional="added_asset_ids removed_asset_ids"),
    Event("asset:casting-update", "asset_id", optional="nb_entities_out added_asset_ids removed_asset_ids"),
    Event("shot:add-to-scene", "scene_id shot_id"),
    Event("shot:remove-from-scene", "scene_id shot_id"),
    Event("entity-link:new", "entity_link_id entity_in_id entity_out_id nb_occurences"),
    Event("entity-link:update", "entity_link_id nb_occurences"),
    Event("asset_instance:new", "scene_id asset_id asset_instance_id", of_production=False),
    Event("asset_instance:new", "asset_id asset_instantiated asset_instance_id", of_production=False),
    Event("asset_instance:add-to-shot", "shot_id asset_instance_id", of_production=False),
    Event("asset_instance:remove-from-shot", "shot_id asset_instance_id", of_production=False),
    *generic("entity-link asset-instance"),
)
PRODUCTIONS = (
    *generic("project", of_production=True),
    Event("project:delete-progress", "project_id kind rows", stored=False),
    *generic("metadata-descriptor milestone schedule-item production-schedule-version", of_production=True),
    *generic("search-filter search-filter-group", of_production=True),
    Event("production_schedule_version:update", "production_schedule_version_id"),
    *generic("budget", of_production=True, acts="create new update delete"),
    *(Event(f"budget-entry:{act}", "budget_id budget_entry_id") for act in ("create", "update", "delete")),
    *generic("budget-entry production-schedule-version-task-link project-status project-template status-automation plugin"),
    *generic("asset-type task-type task-status"),
)
STUDIO = (
    *generic("person organisation department studio day-off hardware-item custom-action"),
    *generic("salary-scale", acts="update delete"),
    *generic("api-event", of_production=True),
    Event("main:test", "", of_production=False, stored=False),
)
# Rows that came from another server with their ids.
ARRIVALS = (
    *(Event(f"{stem}:{act}", "") for stem in ("project", "task", "entity-link") for act in ("new", "update")),
    *(
        Event(f"{kind.lower()}:{act}", f"{kind}_id")
        for kind in ("Asset", "Shot", "Sequence", "Episode", "Scene", "Edit", "Concept")
        for act in ("new", "update")
    ),
    *(Event(f"concept-folder:{act}", "ConceptFolder_id") for act in ("new", "update")),
    *generic("preview-file subscription notification news build-job attachment-file", of_production=True, acts="new update"),
)

CATALOGUE: dict[str, list[Event]] = {}
for event in (*TASKS, *CONVERSATIONS, *FILES, *PLAYLISTS, *ENTITIES, *PRODUCTIONS, *STUDIO, *ARRIVALS):
    CATALOGUE.setdefault(event.name, []).append(event)


def check(name: str, payload: dict[str, Any], *, stored: bool) -> None:
    """Raises UnknownEvent unless the table has the event in this form."""
    forms = CATALOGUE.get(name)
    if forms is None:
        raise UnknownEvent(name)
    if not any(form.fits(payload, stored=stored) for form in forms):
        raise UnknownEvent(f"{name} is in the table, but not with {sorted(payload)}" + ("" if stored else ", not stored"))

"""The routes of this room."""

from django.urls import path

from core.api.router import ResourceRouter
from tasks.api.views import (
    comments,
    news,
    notifications,
    open_tasks,
    posting,
    schedule_links,
    statistics,
    subscriptions,
    tasks,
    time_listings,
    time_spents,
    todo,
)
from tasks.api.views import task_actions as acts
from tasks.api.views import task_lists as lists

router = ResourceRouter()
router.register("data/tasks", tasks.TaskViewSet)
router.register("data/time-spents", time_spents.TimeSpentViewSet)
router.register("data/comments", comments.CommentViewSet)
router.register("data/news", news.NewsViewSet)
router.register("data/notifications", notifications.NotificationViewSet)
router.register("data/subscriptions", subscriptions.SubscriptionViewSet)
router.register("data/production-schedule-version-task-links", schedule_links.ScheduleLinkViewSet)

CREATE = acts.TaskCreationViewSet
ENTITY = lists.EntityTaskViewSet
OWN = lists.OwnEntityTaskViewSet
THREAD = comments.TaskCommentViewSet
POST = posting.PostingViewSet
FEED = news.FeedViewSet
INBOX = notifications.InboxViewSet
FOLLOW = subscriptions.FollowingViewSet
TIME = time_spents.TaskTimeViewSet
PERSON = time_listings.PersonTimeViewSet
TABLE = time_listings.TimeTableViewSet
PLAN = schedule_links.VersionPlanViewSet
STATS = statistics.EpisodeStatsViewSet
QUOTA = statistics.QuotaViewSet
QUOTA_SHOT = statistics.QuotaShotViewSet
OF = "actions/projects/<id:project_id>/task-types/<id:task_type_id>"
ON = "data/tasks/<id:task_id>/comments/<id:comment_id>"
DAY = "actions/tasks/<id:task_id>/time-spents/<str:date>"
SPENT = "data/persons/<id:person_id>/time-spents"
PROJECT = "data/projects/<id:project_id>"
PLANNING = "actions/production-schedule-versions/<id:version_id>"
QUOTA_SHOTS = "data/persons/<id:person_id>/quota-shots"
FOLLOWED = "task-types/<str:task_type_id>/subscribed"

task_urls = [
    path("data/tasks/open-tasks", open_tasks.OpenTaskViewSet.as_view({"get": "list"})),
    path("data/tasks/open-tasks/stats", open_tasks.OpenTaskViewSet.as_view({"get": "stats"})),
    path("data/tasks/open-tasks/burndown", open_tasks.OpenTaskViewSet.as_view({"get": "burndown"})),
    path("data/tasks/<id:task_id>/full", tasks.FullTaskViewSet.as_view({"get": "full"})),
    path("data/projects/<id:project_id>/tasks", lists.ProjectTaskViewSet.as_view({"get": "of_project"})),
    path("data/assets/<id:asset_id>/tasks", ENTITY.as_view({"get": "of_asset"})),
    path("data/assets/<id:asset_id>/task-types", ENTITY.as_view({"get": "types_of_asset"})),
    path("data/shots/<id:shot_id>/tasks", ENTITY.as_view({"get": "of_shot"})),
    path("data/shots/<id:shot_id>/task-types", ENTITY.as_view({"get": "types_of_shot"})),
    path("data/sequences/<id:sequence_id>/tasks", ENTITY.as_view({"get": "of_sequence"})),
    path("data/sequences/<id:sequence_id>/shot-tasks", ENTITY.as_view({"get": "shots_of_sequence"})),
    path("data/sequences/<id:sequence_id>/task-types", ENTITY.as_view({"get": "types_of_sequence"})),
    path("data/episodes/<id:episode_id>/tasks", ENTITY.as_view({"get": "of_episode"})),
    path("data/episodes/<id:episode_id>/shot-tasks", ENTITY.as_view({"get": "shots_of_episode"})),
    path("data/episodes/<id:episode_id>/asset-tasks", ENTITY.as_view({"get": "assets_of_episode"})),
    path("data/episodes/<id:episode_id>/edit-tasks", ENTITY.as_view({"get": "edits_of_episode"})),
    path("data/episodes/<id:episode_id>/task-types", ENTITY.as_view({"get": "types_of_episode"})),
    path("data/scenes/<id:scene_id>/tasks", ENTITY.as_view({"get": "of_scene"})),
    path("data/scenes/<id:scene_id>/task-types", ENTITY.as_view({"get": "types_of_scene"})),
    path("data/edits/<id:edit_id>/tasks", ENTITY.as_view({"get": "of_edit"})),
    path("data/edits/<id:edit_id>/task-types", ENTITY.as_view({"get": "types_of_edit"})),
    path("data/concepts/<id:concept_id>/tasks", ENTITY.as_view({"get": "of_concept"})),
    path("data/concepts/<id:concept_id>/task-types", ENTITY.as_view({"get": "types_of_concept"})),
    path("data/entities/<id:entity_id>/task-types/<id:task_type_id>/tasks", ENTITY.as_view({"get": "of_type"})),
    path("data/entities/<id:entity_id>/tasks", CREATE.as_view({"post": "for_entity"})),
    path(f"{OF}/shots/create-tasks", CREATE.as_view({"post": "for_shots"})),
    path(f"{OF}/assets/create-tasks", CREATE.as_view({"post": "for_assets"})),
    path(f"{OF}/edits/create-tasks", CREATE.as_view({"post": "for_edits"})),
    path(f"{OF}/concepts/create-tasks", CREATE.as_view({"post": "for_concepts"})),
    path(f"{OF}/create-tasks/<str:entity_type>", CREATE.as_view({"post": "for_type"})),
    path(f"{OF}/delete-tasks", acts.TaskDeletionViewSet.as_view({"delete": "of_type"})),
    path("actions/projects/<id:project_id>/delete-tasks", acts.TaskDeletionViewSet.as_view({"post": "named"})),
    path("actions/tasks/<id:task_id>/assign", acts.AssignationViewSet.as_view({"put": "assign_task"})),
    path("actions/persons/<str:person_id>/assign", acts.AssignationViewSet.as_view({"put": "assign_person"})),
    path("actions/tasks/clear-assignation", acts.AssignationViewSet.as_view({"put": "clear"})),
    path("actions/tasks/set-priority", acts.TaskPriorityViewSet.as_view({"put": "prioritise"})),
]
todo_urls = [
    path("data/persons/task-dates", todo.TaskDatesViewSet.as_view({"get": "list"})),
    path("data/persons/<id:person_id>/tasks", todo.TodoViewSet.as_view({"get": "of_person"})),
    path("data/persons/<id:person_id>/done-tasks", todo.TodoViewSet.as_view({"get": "done_by_person"})),
    path("data/persons/<id:person_id>/related-tasks/<id:task_type_id>", todo.TodoViewSet.as_view({"get": "related"})),
    path("data/user/tasks", todo.TodoViewSet.as_view({"get": "own"})),
    path("data/user/done-tasks", todo.TodoViewSet.as_view({"get": "own_done"})),
    path("data/user/tasks-to-check", todo.CheckViewSet.as_view({"get": "list"})),
    path("data/user/tasks-to-check/filter-values", todo.CheckViewSet.as_view({"get": "filter_values"})),
    path("data/user/assets/<id:asset_id>/tasks", OWN.as_view({"get": "tasks_of_asset"})),
    path("data/user/assets/<id:asset_id>/task-types", OWN.as_view({"get": "types_of_asset"})),
    path("data/user/shots/<id:shot_id>/tasks", OWN.as_view({"get": "tasks_of_shot"})),
    path("data/user/shots/<id:shot_id>/task-types", OWN.as_view({"get": "types_of_shot"})),
    path("data/user/scenes/<id:scene_id>/tasks", OWN.as_view({"get": "tasks_of_scene"})),
    path("data/user/scenes/<id:scene_id>/task-types", OWN.as_view({"get": "types_of_scene"})),
    path("data/user/sequences/<id:sequence_id>/tasks", OWN.as_view({"get": "tasks_of_sequence"})),
    path("data/user/sequences/<id:sequence_id>/task-types", OWN.as_view({"get": "types_of_sequence"})),
]
comment_urls = [
    path("actions/tasks/<id:task_id>/comment", POST.as_view({"post": "post_one"})),
    path("actions/tasks/<id:task_id>/batch-comment", POST.as_view({"post": "batch_of_task"})),
    path("actions/tasks/batch-comment", POST.as_view({"post": "batch"})),
    path("actions/projects/<id:project_id>/tasks/comment-many", POST.as_view({"post": "many"})),
    path("actions/projects/<id:project_id>/tasks/copy-client-comments", POST.as_view({"post": "copy"})),
    path("actions/tasks/<id:task_id>/comments/<id:comment_id>/move", THREAD.as_view({"post": "move"})),
    path("data/tasks/<id:task_id>/comments", THREAD.as_view({"get": "of_task"})),
    path(ON, THREAD.as_view({"get": "one", "delete": "remove"})),
    path(f"{ON}/ack", THREAD.as_view({"post": "acknowledge"})),
    path(f"{ON}/reply", THREAD.as_view({"post": "reply"})),
    path(f"{ON}/reply/<id:reply_id>", THREAD.as_view({"delete": "remove_reply"})),
    path("data/projects/<id:project_id>/comments", THREAD.as_view({"get": "of_project"})),
]
time_urls = [
    path("actions/tasks/<id:task_id>/time-spents", TIME.as_view({"get": "of_task"})),
    path(DAY, TIME.as_view({"get": "of_day"})),
    path(f"{DAY}/persons/<id:person_id>", TIME.as_view({"post": "log", "delete": "clear"})),
    path(f"{DAY}/persons/<id:person_id>/add", TIME.as_view({"post": "add"})),
    path("data/user/time-spents", time_listings.OwnTimeViewSet.as_view({"get": "listed"})),
    path("data/user/time-spents/<str:date>", time_listings.OwnTimeViewSet.as_view({"get": "of_day"})),
    path("data/user/tasks/<id:task_id>/time-spents/<str:date>", time_listings.OwnTimeViewSet.as_view({"get": "of_task"})),
    path("data/persons/time-spents/year-table", TABLE.as_view({"get": "by_year"})),
    path("data/persons/time-spents/month-table/<str:year>", TABLE.as_view({"get": "by_month"})),
    path("data/persons/time-spents/week-table/<str:year>", TABLE.as_view({"get": "by_week"})),
    path("data/persons/time-spents/day-table/<str:year>/<str:month>", TABLE.as_view({"get": "by_day"})),
    path(SPENT, PERSON.as_view({"get": "listed"})),
    path(f"{SPENT}/year/<str:year>", PERSON.as_view({"get": "in_year"})),
    path(f"{SPENT}/month/all/<str:year>/<str:month>", PERSON.as_view({"get": "of_month"})),
    path(f"{SPENT}/month/<str:year>/<str:month>", PERSON.as_view({"get": "in_month"})),
    path(f"{SPENT}/week/<str:year>/<str:week>", PERSON.as_view({"get": "in_week"})),
    path(f"{SPENT}/day/<str:year>/<str:month>/<str:day>", PERSON.as_view({"get": "on_day"})),
    path(f"{SPENT}/<str:date>", PERSON.as_view({"get": "of_day"})),
    path("data/entities/<id:entity_id>/time-spents", time_listings.ProductionTimeViewSet.as_view({"get": "of_entity"})),
    path("data/projects/<id:project_id>/time-spents", time_listings.ProductionTimeViewSet.as_view({"get": "of_project"})),
    path(
        "data/projects/<id:project_id>/task-types/<str:task_type_id>/time-spents",
        time_listings.ProductionTimeViewSet.as_view({"get": "of_task_type"}),
    ),
    path(
        "data/projects/<id:project_id>/budgets/time-spents",
        time_listings.ProductionTimeViewSet.as_view({"get": "of_departments"}),
    ),
]
feed_urls = [
    path("data/projects/news", FEED.as_view({"get": "of_projects"})),
    path("data/projects/<id:project_id>/news", FEED.as_view({"get": "of_project"})),
    path("data/projects/<id:project_id>/news/<id:news_id>", FEED.as_view({"get": "one"})),
    path("data/entities/<id:entity_id>/news", FEED.as_view({"get": "of_entity"})),
    path("data/user/notifications", INBOX.as_view({"get": "list"})),
    path("data/user/notifications/<id:notification_id>", INBOX.as_view({"get": "one", "put": "mark"})),
    path("actions/user/notifications/mark-all-as-read", INBOX.as_view({"post": "mark_all"})),
    path("data/projects/<id:project_id>/notifications", notifications.NotificationViewSet.as_view({"get": "of_project"})),
    path("data/projects/<id:project_id>/subscriptions", subscriptions.SubscriptionViewSet.as_view({"get": "of_project"})),
    path("data/user/tasks/<str:task_id>/subscribed", FOLLOW.as_view({"get": "follows_task"})),
    path(f"data/user/sequences/<str:sequence_id>/{FOLLOWED}", FOLLOW.as_view({"get": "follows_sequence"})),
    path(f"data/user/entities/<str:sequence_id>/{FOLLOWED}", FOLLOW.as_view({"get": "follows_sequence"})),
    path("actions/user/tasks/subscribe", FOLLOW.as_view({"post": "follow_tasks"})),
    path("actions/user/tasks/unsubscribe", FOLLOW.as_view({"post": "unfollow_tasks"})),
    path("actions/user/tasks/<id:task_id>/subscribe", FOLLOW.as_view({"post": "follow_task"})),
    path("actions/user/tasks/<str:task_id>/unsubscribe", FOLLOW.as_view({"delete": "unfollow_task"})),
    path(
        "actions/user/sequences/<id:sequence_id>/task-types/<id:task_type_id>/subscribe",
        FOLLOW.as_view({"post": "follow_sequence"}),
    ),
    path(
        "actions/user/sequences/<id:sequence_id>/task-types/<id:task_type_id>/unsubscribe",
        FOLLOW.as_view({"delete": "unfollow_sequence"}),
    ),
]

planning_urls = [
    path(f"{PROJECT}/episodes/stats", STATS.as_view({"get": "stats"})),
    path(f"{PROJECT}/episodes/retake-stats", STATS.as_view({"get": "retakes"})),
    path(f"{PROJECT}/quotas/<id:task_type_id>", QUOTA.as_view({"get": "of_task_type"})),
    path(f"{PROJECT}/quotas/persons/<id:person_id>", QUOTA.as_view({"get": "of_person"})),
    path(f"{QUOTA_SHOTS}/day/<str:year>/<str:month>/<str:day>", QUOTA_SHOT.as_view({"get": "of_day"})),
    path(f"{QUOTA_SHOTS}/week/<str:year>/<str:week>", QUOTA_SHOT.as_view({"get": "of_week"})),
    path(f"{QUOTA_SHOTS}/month/<str:year>/<str:month>", QUOTA_SHOT.as_view({"get": "of_month"})),
    path("data/production-schedule-versions/<id:version_id>/task-links", PLAN.as_view({"get": "of_version"})),
    path(f"{PLANNING}/set-task-links-from-production", PLAN.as_view({"post": "from_production"})),
    path(f"{PLANNING}/set-task-links-from-production-schedule-version", PLAN.as_view({"post": "from_version"})),
    path(f"{PLANNING}/apply-to-production", PLAN.as_view({"post": "apply"})),
]

urlpatterns = [*task_urls, *todo_urls, *comment_urls, *time_urls, *feed_urls, *planning_urls, *router.urls]

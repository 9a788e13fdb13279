"""Tasks, comments, time spents, news, notifications, subscriptions."""

from tasks.models.comments import Comment
from tasks.models.feeds import News, Notification, Subscription
from tasks.models.tasks import ProductionScheduleVersionTaskLink, Task, TimeSpent

__all__ = [
    "Comment",
    "News",
    "Notification",
    "ProductionScheduleVersionTaskLink",
    "Subscription",
    "Task",
    "TimeSpent",
]

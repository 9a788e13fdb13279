"""Tasks, comments, time spents, news, notifications, subscriptions."""

from tasks.models.comments import Comment
from tasks.models.feeds import CountedNews, News, Notification, Subscription
from tasks.models.messages import FailedMessage
from tasks.models.tasks import ProductionScheduleVersionTaskLink, Task, TimeSpent

__all__ = [
    "Comment",
    "CountedNews",
    "FailedMessage",
    "News",
    "Notification",
    "ProductionScheduleVersionTaskLink",
    "Subscription",
    "Task",
    "TimeSpent",
]

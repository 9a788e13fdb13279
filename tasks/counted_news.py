"""How many news productions have: a narrow table that triggers of the database keep, so that counting joins nothing."""

from collections.abc import Collection
from typing import Any

from django.db import connections, transaction

# `{which}` narrows the news.
COUNT_IN = (
    "INSERT INTO counted_news (news_id, project_id, task_status_id, change)"
    " SELECT n.id, t.project_id, c.task_status_id, n.change FROM news n"
    " JOIN task t ON t.id = n.task_id LEFT JOIN comment c ON c.id = n.comment_id WHERE {which}"
    " ON CONFLICT (news_id) DO UPDATE SET"
    " project_id = excluded.project_id, task_status_id = excluded.task_status_id, change = excluded.change"
)
# Name of each trigger: when it fires, which column must differ for it, and what it does. The number changes with what they do.
TRIGGERS = {
    "counted2_news_new": ("AFTER INSERT ON news", "", COUNT_IN.format(which="n.id = NEW.id")),
    "counted2_news_changed": ("AFTER UPDATE OF task_id, comment_id, change ON news", "", COUNT_IN.format(which="n.id = NEW.id")),
    "counted2_news_gone": ("AFTER DELETE ON news", "", "DELETE FROM counted_news WHERE news_id = OLD.id"),
    # References are checked at the commit, so a news may be there before its task and comment are.
    "counted2_task_new": ("AFTER INSERT ON task", "", COUNT_IN.format(which="n.task_id = NEW.id")),
    "counted2_comment_new": ("AFTER INSERT ON comment", "", COUNT_IN.format(which="n.comment_id = NEW.id")),
    "counted2_comment_changed": (
        "AFTER UPDATE OF task_status_id ON comment",
        "task_status_id",
        COUNT_IN.format(which="n.comment_id = NEW.id"),
    ),
    "counted2_task_moved": ("AFTER UPDATE OF project_id ON task", "project_id", COUNT_IN.format(which="n.task_id = NEW.id")),
}
PRESENT = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'counted%'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'counted%'",
}


def after_migrations(using: str, **kwargs: Any) -> None:
    """See to the triggers of a database whose tables were just made or changed, which may have taken them along."""
    connection = connections[using]
    if "counted_news" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        present = {name for (name,) in cursor.fetchall()}
    if present != set(TRIGGERS):
        count_anew(connection, outdated=present - set(TRIGGERS))


def count_anew(connection: Any, outdated: Collection[str] = ()) -> None:
    """Make the triggers anew, without those of an earlier version, and count all news."""
    create = of_sqlite if connection.vendor == "sqlite" else of_postgresql
    statements = [create(name, "", "", "")[0] for name in outdated]
    statements += [line for name, (when, column, act) in TRIGGERS.items() for line in create(name, when, column, act)]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in (*statements, "DELETE FROM counted_news", COUNT_IN.format(which="true")):
            cursor.execute(statement)


def of_sqlite(name: str, when: str, column: str, act: str) -> list[str]:
    """The statements that make a trigger on SQLite."""
    differs = f" WHEN OLD.{column} IS NOT NEW.{column}" if column else ""
    return [f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} {when}{differs} BEGIN {act}; END"]


def of_postgresql(name: str, when: str, column: str, act: str) -> list[str]:
    """Likewise on PostgreSQL, where a trigger calls a function.

    A session keeps the plan that it made for the first row. Made on empty tables, it would read them whole for every further
    row of a studio that moves in.
    """
    differs = f" WHEN (OLD.{column} IS DISTINCT FROM NEW.{column})" if column else ""
    return [
        f"DROP FUNCTION IF EXISTS {name}() CASCADE",
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off"
        f" AS $act$ BEGIN {act}; RETURN NULL; END $act$",
        f"CREATE TRIGGER {name} {when} FOR EACH ROW{differs} EXECUTE FUNCTION {name}()",
    ]

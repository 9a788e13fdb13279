"""Copying rows between databases: which table and which column goes where."""

from bench.copy_rows import Table, column_pairs, counterpart


def table(name: str, **references: str) -> Table:
    return Table(name, kinds=dict.fromkeys(references, "uuid"), references=references)


def test_a_table_goes_to_its_namesake():
    ours, theirs = {"task": table("task")}, {"task": table("task"), "task_type": table("task_type")}
    assert counterpart(ours["task"], ours, theirs) is theirs["task"]


def test_a_link_table_goes_to_the_one_that_joins_the_same_tables_under_the_most_similar_name():
    ours = {"comment_likes": table("comment_likes", comment_id="comment", person_id="person")}
    theirs = {
        "comment_mentions": table("comment_mentions", comment="comment", person="person"),
        "comment_like_link": table("comment_like_link", comment="comment", person="person"),
        "likes": table("likes", comment="comment", task="task"),
    }
    assert counterpart(ours["comment_likes"], ours, theirs).name == "comment_like_link"
    assert counterpart(table("anything", comment_id="chat"), ours, theirs) is None
    assert counterpart(table("alone"), ours, theirs) is None


def test_columns_go_by_name_and_references_by_where_they_lead():
    source = table("task_assignees", id="nothing", task_id="task", worker="person", reviewer="person")
    target = table("task_person", task="task", first="person", second="person")
    assert column_pairs(source, target) == {"task_id": "task", "worker": "first", "reviewer": "second"}


def test_a_column_may_lose_the_name_of_its_table():
    source = Table("notification", kinds={"notification_type": "text", "read": "boolean"})
    target = Table("notification", kinds={"type": "text", "read": "boolean"})
    assert column_pairs(source, target) == {"notification_type": "type", "read": "read"}

"""Properties of a task's life: what comments do to it one by one, and what reading its whole history anew makes of it."""

from datetime import datetime, timedelta

from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tasks.models import Comment, Task
from tasks.rules import comments as posting
from tasks.rules import life_cycle
from tasks.rules.comment_changes import delete_comment, edit_comment, move_comment
from tasks.rules.comments import Draft, post_comment
from tasks.rules.life_cycle import lock_task, replay
from tests.makers import make_task

NAMES = ("todo", "wip", "wfa", "retake", "done")
STATE = ("task_status_id", "last_comment_date", "retake_count", "real_start_date", "end_date", "done_date")
BEGIN = datetime(2026, 2, 2, 9, 0, 0)
HISTORIES = st.lists(st.sampled_from(NAMES), min_size=1, max_size=8)
property_of_histories = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def moment(number):
    """When the comment of that number is said."""
    return BEGIN + timedelta(hours=number)


def say(stage, cast, monkeypatch, name, number, *, back_dated=False, task=None):
    """Posts a comment at its moment, on the stage's task unless on another; a back-dated one is said long after it."""
    clock = moment(100 + number if back_dated else number)
    monkeypatch.setattr(life_cycle, "now", lambda: clock)
    monkeypatch.setattr(posting, "now", lambda: clock)
    draft = Draft(status=getattr(stage, name), created_at=moment(number) if back_dated else None)
    return post_comment(task or stage.task, draft, by=cast.admin)


def state_of(stage, task=None):
    return Task.objects.filter(pk=(task or stage.task).pk).values(*STATE).get()


def replayed(stage):
    with transaction.atomic():
        replay(lock_task(stage.task.pk))
    return state_of(stage)


def lived(stage, names):
    """What the rules of posting say, told in other words than the code's: (dates are those of the comments)."""
    changes = [(i, name) for i, name in enumerate(names) if name != (names[i - 1] if i else "todo")]
    first_wip = next((i for i, name in changes if name == "wip"), None)
    last_wfa = next((i for i, name in reversed(changes) if name == "wfa"), None)
    kept = last_wfa is not None and all(name == "done" for i, name in changes if i > last_wfa)
    is_done = names[-1] == "done"
    return {
        "task_status_id": getattr(stage, names[-1]).pk,
        "last_comment_date": moment(len(names) - 1),
        "retake_count": sum(name == "retake" for _, name in changes),
        "real_start_date": None if first_wip is None else moment(first_wip),
        "end_date": moment(last_wfa) if kept else None,
        "done_date": moment(changes[-1][0]) if is_done else None,
    }


def remembered(stage, names):
    """What the rules of reading the history anew say; `names` are (number, name) by moment."""
    firsts = {name: number for number, name in reversed(names)}
    lasts = {name: number for number, name in names}
    runs = [name for i, (_, name) in enumerate(names) if i == 0 or names[i - 1][1] != name]
    return {
        "task_status_id": getattr(stage, names[-1][1] if names else "todo").pk,
        "last_comment_date": moment(names[-1][0]) if names else None,
        "retake_count": runs.count("retake"),
        "real_start_date": moment(firsts["wip"]) if "wip" in firsts else None,
        "end_date": moment(firsts["wfa"]) if "wfa" in firsts else None,
        "done_date": moment(lasts["done"]) if "done" in lasts else None,
    }


def rolled_back(test):
    """Runs an example, then forgets what it wrote."""
    with transaction.atomic():
        test()
        transaction.set_rollback(True)


@property_of_histories
@given(names=HISTORIES)
@example(names=["wip", "wfa", "done"])
@example(names=["done", "wfa", "done", "done"])
@example(names=["wfa", "retake", "retake", "wip", "wfa", "done", "wip"])
def test_a_history_read_anew_gives_the_state_that_posting_gave_where_the_rules_agree(stage, cast, monkeypatch, names):
    def example():
        for number, name in enumerate(names):
            say(stage, cast, monkeypatch, name, number)
        live, anew = state_of(stage), replayed(stage)
        assert live == lived(stage, names)
        assert anew == remembered(stage, list(enumerate(names)))
        always = ("task_status_id", "last_comment_date", "retake_count", "real_start_date")
        assert {field: live[field] for field in always} == {field: anew[field] for field in always}
        if names.count("wfa") <= 1 and live["end_date"]:
            assert live["end_date"] == anew["end_date"]
        if names.count("done") <= 1 and names[-1] == "done":
            assert live["done_date"] == anew["done_date"]
        assert replayed(stage) == anew, "reading it once more changes nothing"

    rolled_back(example)


@property_of_histories
@given(names=HISTORIES, order=st.randoms(use_true_random=False))
def test_comments_of_the_past_take_their_place_in_the_history(stage, cast, monkeypatch, names, order):
    def example():
        numbers = list(range(len(names)))
        order.shuffle(numbers)
        said = []
        for number in numbers:
            is_newest = not said or number > max(said)
            say(stage, cast, monkeypatch, names[number], number, back_dated=True)
            said.append(number)
            history = [(past, names[past]) for past in sorted(said)]
            found, told = state_of(stage), remembered(stage, history)
            if not is_newest:
                assert found == told
            assert (found["task_status_id"], found["last_comment_date"]) == (told["task_status_id"], told["last_comment_date"])

    rolled_back(example)


@property_of_histories
@given(names=HISTORIES, data=st.data())
def test_a_deleted_comment_was_never_said(stage, cast, monkeypatch, names, data):
    def example():
        for number, name in enumerate(names):
            say(stage, cast, monkeypatch, name, number)
        gone = data.draw(st.integers(0, len(names) - 1))
        delete_comment(Comment.objects.get(object_id=stage.task.pk, created_at=moment(gone)).pk, by=cast.admin)
        assert state_of(stage) == remembered(stage, [(i, name) for i, name in enumerate(names) if i != gone])

    rolled_back(example)


@property_of_histories
@given(names=HISTORIES, at_sibling=st.lists(st.booleans(), min_size=8, max_size=8), data=st.data())
def test_a_moved_comment_leaves_one_history_and_joins_the_other(stage, cast, monkeypatch, names, at_sibling, data):
    def example():
        sibling = make_task(stage.project, entity=stage.shot, task_status=stage.todo)
        tasks = [sibling if at_sibling[number] else stage.task for number in range(len(names))]
        said = [say(stage, cast, monkeypatch, name, i, task=tasks[i]) for i, name in enumerate(names)]
        moved = data.draw(st.integers(0, len(names) - 1))
        source = tasks[moved]
        tasks[moved] = stage.task if source is sibling else sibling
        move_comment(said[moved].pk, source_id=source.pk, target_id=tasks[moved].pk, by=cast.admin)
        for task in (stage.task, sibling):
            history = [(i, name) for i, name in enumerate(names) if tasks[i] is task]
            assert state_of(stage, task) == remembered(stage, history)

    rolled_back(example)


@property_of_histories
@given(names=HISTORIES, other=st.sampled_from(NAMES), data=st.data())
def test_a_comment_with_another_status_always_had_it(stage, cast, monkeypatch, names, other, data):
    def example():
        said = [say(stage, cast, monkeypatch, name, i) for i, name in enumerate(names)]
        changed = data.draw(st.integers(0, len(names) - 1).filter(lambda number: names[number] != other))
        edit_comment(said[changed].pk, {"task_status_id": getattr(stage, other).pk}, by=cast.admin)
        history = [(i, other if i == changed else name) for i, name in enumerate(names)]
        assert state_of(stage) == remembered(stage, history)

    if any(name != other for name in names):
        rolled_back(example)

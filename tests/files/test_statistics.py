"""What previews tell: counts of the studio, lengths of shots."""

import pytest

from assets.models import Entity
from events.models import ProductionStamp
from files.models import PreviewFile
from production.models import Project
from tasks.models import Comment
from tests.makers import make_entity, make_project, make_sequence, make_shot, make_task, make_task_type

MISSING = "aaaaaaaa-0000-4000-8000-000000000000"


def test_the_studio_counts_its_previews_and_comments(api, cast, django_assert_num_queries):
    for extension, number in (("mp4", 2), ("png", 1), ("pdf", 4)):
        for _ in range(number):
            PreviewFile.objects.create(extension=extension)
    Comment.objects.create(object_id=cast.project.pk, object_type="Task", person=cast.user)
    with django_assert_num_queries(3):
        found = api.get("/stats").json()
    assert found == {
        "number_of_video_previews": 2,
        "number_of_picture_previews": 1,
        "number_of_model_previews": 0,
        "number_of_comments": 1,
    }
    assert api.by(cast.manager).get("/stats").status_code == 403
    assert api.by(None).get("/stats").status_code == 401


@pytest.fixture
def animation():
    return make_task_type(name="Animation")


def preview(project, shot, task_type, *seconds):
    task = make_task(project, entity=shot, task_type=task_type)
    for revision, duration in enumerate(seconds, 1):
        PreviewFile.objects.create(name="main", task=task, revision=revision, duration=duration)


def path_of(project, task_type, query=""):
    return f"/actions/projects/{project.pk}/task-types/{task_type.pk}/set-shot-nb-frames{query}"


def test_shots_take_the_length_of_their_latest_preview(api, cast, animation, django_assert_max_num_queries):
    Project.objects.update(fps="24")
    shot, bare = make_shot(cast.project, nb_frames=1), make_shot(cast.project, nb_frames=7)
    preview(cast.project, shot, animation, 10, 2.52)
    preview(cast.project, bare, make_task_type(), 5)
    with django_assert_max_num_queries(12):
        answer = api.by(cast.manager).post(path_of(cast.project, animation))
    assert (answer.status_code, answer.json()) == (200, [{"id": str(shot.pk), "nb_frames": 60}])
    assert dict(Entity.objects.filter(pk__in=(shot.pk, bare.pk)).values_list("pk", "nb_frames")) == {shot.pk: 60, bare.pk: 7}
    assert ProductionStamp.objects.filter(project_id=cast.project.pk).exists()


def test_shots_of_one_episode(api, cast, animation):
    shots = {}
    for name in ("E01", "E02"):
        episode = make_entity("Episode", cast.project, name=name)
        shots[episode] = make_shot(cast.project, parent=make_sequence(cast.project, parent=episode))
        preview(cast.project, shots[episode], animation, 4)
    episode, shot = shots.popitem()
    assert api.post(path_of(cast.project, animation, f"?episode_id={episode.pk}")).json() == [
        {"id": str(shot.pk), "nb_frames": 100}
    ]
    assert len(api.post(path_of(cast.project, animation, "?episode_id=")).json()) == 2


def test_who_may_measure_and_what(api, cast, animation):
    for role in ("supervisor", "user", "client", "vendor", "outsider"):
        assert api.by(cast.of(role)).post(path_of(cast.project, animation)).status_code == 403
    assert api.by(cast.manager).post(path_of(make_project(), animation)).status_code == 403
    base = "/actions/projects"
    for project_id, type_id in (("abc", animation.pk), (cast.project.pk, "abc")):
        answer = api.post(f"{base}/{project_id}/task-types/{type_id}/set-shot-nb-frames")
        assert (answer.status_code, answer.json()["message"]) == (400, "Invalid project or task type id")
    assert api.post(path_of(cast.project, animation, "?episode_id=abc")).json()["message"] == "Invalid episode id"
    assert api.post(f"{base}/{MISSING}/task-types/{animation.pk}/set-shot-nb-frames").status_code == 404
    assert api.post(f"{base}/{cast.project.pk}/task-types/{MISSING}/set-shot-nb-frames").json() == []

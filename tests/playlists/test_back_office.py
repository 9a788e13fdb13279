"""Playlists, links and builds in the back-office."""

from django.contrib.messages import get_messages
from django.urls import reverse

from playlists.models import BuildJob, PlaylistShareLink
from tests.playlists.ground import Visitor, ready_movie


def act(office, model, action, *rows):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    answer = office.post(address, {"action": action, "_selected_action": [row.pk for row in rows]})
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_a_playlist_shows_its_entries_with_their_pictures(office, review, django_assert_max_num_queries):
    review.playlist.shots = [*review.playlist.shots, {"entity_id": str(review.works[0].shot.pk)}, {"entity_id": "odd"}, {}]
    review.playlist.save()
    with django_assert_max_num_queries(20):
        page = office.get(f"/admin/playlists/playlist/{review.playlist.pk}/change/").content.decode()
    assert f"pictures/thumbnails/preview-files/{review.previews[0].pk}.png" in page
    assert review.works[0].shot.name in page and "latest" in page


def test_a_link_is_closed_and_shows_its_guests(office, review):
    link = review.share(password="secret")
    Visitor(link, HTTP_X_SHARE_PASSWORD="secret").enter("Ann")
    page = office.get(f"/admin/playlists/playlistsharelink/{link.pk}/change/").content.decode()
    assert ">Ann<" in page and link.token not in page and link.password not in page
    assert act(office, PlaylistShareLink, "close", link) == ["1 links closed."]
    assert Visitor(link).get("?password=secret").status_code == 404


def test_a_failed_build_is_built_again(office, review, cast, movie, quick):
    job = BuildJob.objects.create(playlist=review.playlist, status="failed", message="The disk is full.")
    assert "The disk is full." in office.get("/admin/playlists/buildjob/").content.decode()
    preview = ready_movie(review.works[0], movie, cast.user)
    review.playlist.shots = [{"entity_id": str(review.works[0].shot.pk), "preview_file_id": str(preview.pk)}]
    review.playlist.save()
    assert act(office, BuildJob, "retry", job) == ["1 builds wait for another run."]
    job.refresh_from_db()
    assert (job.status, job.message) == ("succeeded", None)
    assert act(office, BuildJob, "retry", job)[-1] == "0 builds wait for another run."


def test_a_build_is_not_made_twice_at_once(office, review):
    failed = BuildJob.objects.create(playlist=review.playlist, status="failed")
    BuildJob.objects.create(playlist=review.playlist)
    assert "already in progress" in act(office, BuildJob, "retry", failed)[0]
    assert BuildJob.objects.get(pk=failed.pk).status == "failed"

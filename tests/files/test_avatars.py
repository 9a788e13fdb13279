"""Pictures of persons, productions, the studio, and panoramas."""

import subprocess

import pytest
from PIL import Image

from events.models import ApiEvent
from files import storage
from files.rules.movies import packaged
from files.storage import PICTURES
from people.models import Organisation
from production.models import PreviewBackgroundFile
from tests.files.studio import png, sent


def upload(api, kind, pk, content=None, name="me.png"):
    return api.upload(f"/pictures/thumbnails/{kind}/{pk}", file=sent(name, content or png((40, 20))))


def test_a_person_sets_their_own_picture(api, cast):
    own = api.by(cast.user)
    assert own.get(f"/pictures/thumbnails/persons/{cast.user.pk}.png").status_code == 404
    answer = upload(own, "persons", cast.user.pk)
    assert (answer.status_code, answer.json()) == (201, {"thumbnail_path": f"pictures/thumbnails/persons/{cast.user.pk}.png"})
    picture = Image.open(storage.local_file(PICTURES, "thumbnails", cast.user.pk))
    assert (picture.size, picture.getpixel((0, 0))[3], picture.getpixel((200, 200))) == ((400, 400), 0, (200, 30, 30, 255))
    for path in (f"/pictures/thumbnails/persons/{cast.user.pk}", f"/pictures/thumbnails/persons/{cast.user.pk}.png"):
        assert api.by(cast.vendor).get(path).status_code == 200
    assert list(ApiEvent.objects.order_by("created_at").values_list("name", flat=True)) == ["person:update", "person:set-thumbnail"]
    assert upload(own, "persons", cast.manager.pk).status_code == 403
    assert upload(api, "persons", cast.manager.pk).status_code == 201


def test_a_production_gets_its_picture_from_its_managers(api, cast):
    pk = cast.project.pk
    statuses = {
        role: upload(api.by(cast.of(role)), "projects", pk).status_code for role in ("manager", "supervisor", "user", "outsider")
    }
    assert statuses == {"manager": 201, "supervisor": 403, "user": 403, "outsider": 403}
    assert api.by(cast.user).get(f"/pictures/thumbnails/projects/{pk}.png").status_code == 200
    assert api.by(cast.outsider).get(f"/pictures/thumbnails/projects/{pk}.png").status_code == 403
    wrong = upload(api, "projects", f"{pk}.png")
    told = ApiEvent.objects.get(name="project:update")
    assert (told.project_id, told.data) == (pk, {"project_id": str(pk)})
    assert wrong.status_code == 405
    assert wrong.json()["message"].startswith("Upload project thumbnails on the url without extension")


def test_the_studio_has_one_picture(api, cast):
    studio = Organisation.objects.create(name="Studio")
    assert upload(api.by(cast.manager), "organisations", studio.pk).status_code == 403
    assert upload(api, "organisations", cast.project.pk).status_code == 201
    assert api.by(cast.user).get(f"/pictures/thumbnails/organisations/{studio.pk}.png").status_code == 200


def test_a_person_takes_their_own_picture_away(api, cast):
    own = api.by(cast.vendor)
    upload(own, "persons", cast.vendor.pk)
    upload(api, "persons", cast.user.pk)
    ApiEvent.objects.all().delete()
    answer = own.delete("/actions/user/clear-avatar")
    assert (answer.status_code, answer.content) == (204, b"")
    assert [api.get(f"/pictures/thumbnails/persons/{person.pk}.png").status_code for person in (cast.vendor, cast.user)] == [
        404,
        200,
    ]
    event = ApiEvent.objects.get()
    assert (event.name, event.data) == ("person:update", {"person_id": str(cast.vendor.pk)})
    assert api.by(None).delete("/actions/user/clear-avatar").status_code == 401


@pytest.mark.parametrize("content", [b"no picture", b"<svg/>"])
def test_what_is_no_picture_is_refused(api, cast, content):
    answer = upload(api, "persons", cast.user.pk, content)
    assert (answer.status_code, answer.json()["message"]) == (400, "Uploaded file is not a readable picture.")
    cast.user.refresh_from_db()
    assert not cast.user.has_avatar
    missing = api.post(f"/pictures/thumbnails/persons/{cast.user.pk}", {})
    assert missing.json()["message"] == "File not provided."
    assert upload(api, "persons", "aaaaaaaa-0000-4000-8000-000000000000").status_code == 404


@pytest.fixture(scope="module")
def panorama(tmp_path_factory):
    path = tmp_path_factory.mktemp("hdr") / "sky.hdr"
    picture = ["-f", "lavfi", "-i", "testsrc=size=64x32:rate=1:duration=1", "-frames:v", "1", "-f", "image2", "-c:v", "hdr"]
    subprocess.run([packaged(), "-y", "-loglevel", "error", *picture, str(path)], check=True)
    return path.read_bytes()


def test_a_panorama_is_stored_with_its_thumbnail(api, cast, panorama):
    background = PreviewBackgroundFile.objects.create(name="Sky")
    path = f"/pictures/preview-background-files/{background.pk}"
    assert api.by(cast.manager).upload(path, file=sent("Sky.HDR", panorama)).status_code == 403
    answer = api.upload(path, file=sent("Sky.HDR", panorama))
    assert (answer.status_code, answer.json()["original_name"], answer.json()["extension"], answer.json()["file_size"]) == (
        *(201, "Sky", "hdr"),
        len(panorama),
    )
    read = api.by(cast.user).get(f"{path}.hdr")
    assert (read.status_code, read["Content-Type"], read["Content-Disposition"]) == (
        200,
        "image/vnd.radiance",
        'inline; filename="Sky.hdr"',
    )
    assert api.get(f"{path}.png").status_code == 404
    assert api.get(f"/pictures/thumbnails/preview-background-files/{background.pk}.png").status_code == 200
    assert Image.open(storage.local_file(PICTURES, "thumbnails", background.pk)).size == (300, 200)
    assert api.post(f"/pictures/thumbnails/preview-background-files/{background.pk}.png").status_code == 405
    assert api.upload(path, file=sent("a.hdr", panorama)).status_code == 201


@pytest.mark.parametrize(("name", "content"), [("sky.png", png()), ("sky.hdr", b"#?RADIANCE\nnonsense"), ("sky.hdr", b"")])
def test_what_is_no_panorama_takes_a_new_background_away(api, name, content):
    background = PreviewBackgroundFile.objects.create(name="Sky")
    answer = api.upload(f"/pictures/preview-background-files/{background.pk}", file=sent(name, content))
    assert answer.status_code == 400
    assert not PreviewBackgroundFile.objects.exists()


def test_a_background_with_a_panorama_survives_a_wrong_upload(api, panorama):
    background = PreviewBackgroundFile.objects.create(name="Sky")
    path = f"/pictures/preview-background-files/{background.pk}"
    api.upload(path, file=sent("sky.hdr", panorama))
    assert api.upload(path, file=sent("sky.png", png())).status_code == 400
    assert api.get(f"{path}.hdr").status_code == 200

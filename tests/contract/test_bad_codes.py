"""A wrong code, type or shape is refused by every door, so that no row makes a list unreadable."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from core.api.routes import api_routes
from core.api.views import ResourceViewSet
from core.fields import CodeField, JsonField
from production.models import EntityType
from tests.client import ApiClient
from tests.contract.company import Company, make_company
from tests.contract.test_permissions import address

# The generic and the typed routes, each with a body that would make rows unreadable if it were stored.
WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("artist", "/data/preview-files/{pk}", {"status": "zzz"}),
    ("artist", "/data/preview-files/{pk}", {"validation_status": "zzz"}),
    ("artist", "/data/preview-files/{pk}", {"annotations": "zzz"}),
    ("artist", "/data/comments/{pk}", {"replies": ["zzz"]}),
    ("artist", "/data/comments/{pk}", {"checklist": "zzz"}),
    ("artist", "/data/persons/{pk}", {"locale": "zzz"}),
    ("artist", "/data/persons/{pk}", {"data": "zzz"}),
    ("artist", "/data/working-files/{pk}", {"data": "zzz"}),
    ("manager", "/data/entities/{pk}", {"data": "zzz"}),
    ("manager", "/data/entities/{pk}", {"status": "zzz"}),
    ("manager", "/data/shots/{shot_id}", {"data": "zzz"}),
    ("manager", "/data/shots/{shot_id}", {"status": "zzz"}),
    ("manager", "/data/tasks/{pk}", {"data": "zzz"}),
    ("manager", "/data/tasks/{pk}", {"difficulty": "zzz"}),
    ("manager", "/data/projects/{pk}", {"production_style": "zzz"}),
    ("manager", "/data/projects/{pk}", {"data": "zzz"}),
    ("manager", "/data/playlists/{pk}", {"shots": "zzz"}),
    ("manager", "/data/playlists/{pk}", {"for_entity": "zzz"}),
    ("admin", "/data/persons/{pk}", {"seniority": "zzz"}),
    ("admin", "/data/persons/{pk}", {"position": "zzz"}),
    ("admin", "/data/persons/{pk}", {"role": "zzz"}),
    ("admin", "/data/persons/{pk}", {"contract_type": "zzz"}),
    ("admin", "/data/status-automations/{pk}", {"out_field_type": "zzz"}),
    ("admin", "/data/salary-scales/{pk}", {"position": "zzz"}),
    ("admin", "/data/salary-scales/{pk}", {"seniority": "zzz"}),
    ("admin", "/data/project-templates/{pk}", {"production_style": "zzz"}),
    ("admin", "/data/metadata-descriptors/{pk}", {"data_type": "zzz"}),
    ("admin", "/data/notifications/{pk}", {"type": "zzz"}),
]
SHEETS = [
    ("/import/csv/persons", "First Name,Last Name,Email,Seniority\nA,B,a.b@studio.example,zzz\n"),
    ("/import/csv/persons", "First Name,Last Name,Email,Role\nA,B,a.b@studio.example,zzz\n"),
    ("/import/csv/persons", "First Name,Last Name,Email,Contract Type\nA,B,a.b@studio.example,zzz\n"),
    ("/import/csv/projects/{project_id}/assets", "Type,Name,Ready for\nCharacter,New,zzz\n"),
    ("/import/csv/projects/{project_id}/shots", "Sequence,Name,Frames\nSQ,New,zzz\n"),
]
MODELS = {r.view.reader.model: r.view for r in api_routes() if issubclass(r.view, ResourceViewSet)} | {EntityType: None}


@pytest.fixture(scope="module")
def company(kept) -> Company:
    """The company of the permission table."""
    return make_company()


@pytest.mark.parametrize(("who", "route", "body"), WRONG, ids=lambda value: str(value))
def test_the_routes_refuse_it(company, db, who, route, body):
    path = address("PUT", route, company)
    client = ApiClient(company.people[who])
    answer = client.put(path, body)
    assert answer.status_code == 400 and answer.json().get("message"), answer.content
    assert client.get(path).status_code in (200, 403)
    if who == "admin":
        assert client.get(path.rpartition("/")[0]).status_code == 200


@pytest.mark.parametrize(("route", "text"), SHEETS)
def test_sheets_refuse_it(company, db, route, text):
    admin = ApiClient(company.people["admin"])
    answer = admin.upload(address("POST", route, company), file=SimpleUploadedFile("a.csv", text.encode()))
    assert answer.status_code == 400 and answer.json().get("message"), answer.content


COLUMNS = [(m, f) for m in MODELS for f in m._meta.concrete_fields if isinstance(f, CodeField | JsonField)]


@pytest.mark.parametrize(("model", "field"), COLUMNS, ids=lambda value: getattr(value, "__name__", None) or value.name)
def test_forms_of_the_back_office_and_the_database_refuse_it(company, db, model, field):
    """Codes are refused by the database itself; JSON by the check that forms and serializers share."""
    with pytest.raises(ValidationError):
        field.clean("zzz" if isinstance(field, CodeField) else 3, model())
    row = model._default_manager.first()
    if isinstance(field, CodeField) and row is not None:
        with pytest.raises(DatabaseError), transaction.atomic():
            model._default_manager.filter(pk=row.pk).update(**{field.name: "zzz"})

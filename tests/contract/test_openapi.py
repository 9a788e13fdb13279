"""The API's description: complete, valid, and served without any foreign address."""

import re

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from core.api.routes import api_routes

FOREIGN = re.compile(r'(?:src|href)="(https?:)?//(?!127\.0\.0\.1|testserver)')


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator().get_schema(request=None, public=True)


def test_every_route_is_described_with_a_name_of_its_own(document):
    described = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert {str(route) for route in api_routes()} <= described
    names = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


def test_the_description_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    validate_schema(document)


def test_rows_are_described_with_their_columns(document):
    department = document["components"]["schemas"]["Department"]
    assert department["properties"]["color"] == {"type": "string", "maxLength": 7}
    listed = document["paths"]["/data/departments"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert listed == {"type": "array", "items": {"$ref": "#/components/schemas/Department"}}


def test_the_pages_load_nothing_from_elsewhere(client):
    page = client.get("/docs/")
    assert page.status_code == 200
    assert not FOREIGN.search(page.content.decode())
    assert client.get("/docs/openapi.json").json()["info"]["title"] == "Callboard"

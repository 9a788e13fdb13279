"""Requests made from the API's own description by schemathesis: whatever fits it, or nearly does, is answered below 500."""

import json
from urllib.parse import urlencode

import hypothesis
import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase

from core.api.routes import api_routes

EXAMPLES = 3
SETTINGS = hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def description():
    return schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))


@pytest.mark.parametrize("path", sorted({route.path for route in api_routes() if route.path != "/auth/logout"}))
def test_what_the_description_allows_is_answered(api, description, path):
    for method in description[path]:
        operation = description[path][method]

        @hypothesis.given(case=operation.as_strategy())
        @SETTINGS
        def ask(case):
            sent = case.as_transport_kwargs(base_url="http://testserver")
            url = sent["url"].removeprefix("http://testserver")
            query = urlencode(list((sent.get("params") or {}).items()), doseq=True)
            body = json.dumps(sent["json"]).encode() if "json" in sent else b""
            answer = api.client.generic(case.method, url, body, "application/json", QUERY_STRING=query, **api.headers)
            assert answer.status_code < 500, (case.method, url, query, body)

        ask()

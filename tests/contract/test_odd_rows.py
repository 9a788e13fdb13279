"""What an older import left behind is read all the same: JSON of another shape than its column has hides no list from anybody."""

from typing import Any

import pytest
from django.apps import apps

from core.fields import JsonField
from tests.client import ApiClient
from tests.contract.company import Company, make_company
from tests.contract.test_permissions import LINES, address

READS = [line for line in LINES if line[0] == "GET"]
ODD: list[Any] = [3, [3, "zzz", None, {}], {"zzz": [3]}]
COLUMNS = [(m, f) for m in apps.get_models() for f in m._meta.concrete_fields if isinstance(f, JsonField)]


@pytest.fixture(scope="module")
def company(kept) -> Company:
    """The company of the permission table."""
    return make_company()


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_every_list_is_answered(company, db, odd):
    for model, column in COLUMNS:
        model._base_manager.update(**{column.name: odd})
    client, failed = ApiClient(company.people["admin"]), []
    for method, path, *_ in READS:
        answer = client.request(method.lower(), address(method, path, company))
        if answer.streaming:
            b"".join(answer.streaming_content)
        if answer.status_code >= 500:
            failed.append(path)
    assert not failed

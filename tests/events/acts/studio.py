"""Acts about the studio's people and the server."""

from tests.events.acts.form import act

ACTS = [
    act(
        "post /data/persons",
        "person:new person_id @studio",
        body={"first_name": "Nina", "last_name": "New", "email": "nina@studio.example"},
    ),
    act("delete /data/persons/{outsider}?force=true", "person:delete person_id @studio"),
    act("post /actions/persons/{user}/departments/add", "person:update person_id @studio", body={"department_id": "{department}"}),
    act("delete /actions/persons/{user}/clear-avatar", "person:update person_id @studio"),
    act("get /status/test-event", "main:test @studio unstored"),
]

"""A ShotGrid site on the loopback: it answers the official client's requests as the public API does."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SCRIPT, KEY = "callboard", "a-secret-key"


class Site:
    """Entries by type, and the fields that each type has. `asked` keeps the requests; those that `breaks` fail."""

    def __init__(self, entries):
        self.entries = entries
        self.asked = []
        self.breaks = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *failure):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, method, params):
        """What the API answers to a call."""
        if method == "info":
            return {"version": [8, 50, 0], "api_max_entities_per_page": 500}
        login, asked = params[0], params[1] if len(params) > 1 else {}
        if (login.get("script_name"), login.get("script_key")) != (SCRIPT, KEY):
            return {"exception": True, "message": "Can't authenticate script 'callboard'", "error_code": 102}
        self.asked.append((method, asked))
        if method == "read" and self.breaks and self.breaks(asked):
            return {"exception": True, "message": "The site is down", "error_code": 104}
        return {"results": getattr(self, method)(asked)}

    def schema_entity_read(self, asked):
        """The types of the site."""
        return {name: {"name": {"value": name}, "visible": {"value": True}} for name in self.entries}

    def schema_field_read(self, asked):
        """The fields of a type."""
        names = {"id", "type", "created_by", "updated_at"} | {name for entry in self.entries[asked["type"]] for name in entry}
        return {name: {"data_type": {"value": "text"}} for name in names}

    def read(self, asked):
        """The entries of a type that fit the filters, sorted, one page of them."""
        fits = [entry for entry in self.entries[asked["type"]] if all(fit(entry, c) for c in asked["filters"]["conditions"])]
        for sort in reversed(asked.get("sorts", [])):
            fits.sort(key=lambda entry: entry[sort["field_name"]], reverse=sort["direction"] == "desc")
        size, page = asked["paging"]["entities_per_page"], asked["paging"]["current_page"]
        known = set(self.schema_field_read({"type": asked["type"]}))
        if unknown := set(asked["return_fields"]) - known:
            raise AssertionError(f"API read() {asked['type']}.{unknown} doesn't exist")
        names = {"type", "id", *asked["return_fields"]}
        shown = [{name: value for name, value in entry.items() if name in names} for entry in fits]
        return {"entities": shown[(page - 1) * size : page * size], "paging_info": {"entity_count": len(fits)}}


def fit(entry, condition):
    """The entry fits a condition of a filter."""
    value, wanted = entry.get(condition["path"]), condition["values"][0]
    if condition["relation"] == "greater_than":
        return value > wanted
    assert condition["relation"] == "is", condition
    return value["id"] == wanted["id"] if isinstance(value, dict) else value == wanted


def handler_for(site):
    """The handler of a site's requests."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            assert self.path == "/api3/json"
            call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(site.answer(call["method_name"], call["params"])).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    return Handler

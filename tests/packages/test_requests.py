"""Requests: sessions in use against a server of http.server, both of the user's own classes."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

HTTP = """\
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer("got " + self.path + " for " + self.headers.get("X-User", "nobody"))

    def answer(self, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Api(requests.Session):
    base = "http://127.0.0.1"

    def request(self, method, path, **kwargs):
        return super().request(method, f"{self.base}:{server.server_port}{path}", **kwargs)

    def text(self, path):
        return self.get(path).text


class User(AuthBase):
    def __call__(self, request):
        request.headers["X-User"] = "ann"
        return request


class Adapter(HTTPAdapter):
    def send(self, request, **kwargs):
        return super().send(request, **kwargs)


def seen(response, *args, **kwargs):
    response.note = "seen"


class Server(ThreadingHTTPServer):
    daemon_threads = False


server = Server(("127.0.0.1", 0), Handler)
"""

CONNECTED = """
thread = threading.Thread(target=server.serve_forever)
thread.start()
api = Api()
api.trust_env = False
api.mount("http://", Adapter())
api.hooks["response"].append(seen)
api.auth = User()
api.text("/a")
"""

HTTP_EDITS = {
    "handler of a server with a connection open": Edit(
        '"got "', '"GOT "', 'api.text("/a")', "'GOT /a for ann'"
    ),
    "handler for another verb": Edit(
        "    def answer",
        "    def do_PUT(self):\n        self.answer('put')\n\n    def answer",
        'api.put("/a").text',
        "'put'",
    ),
    "subclass of a session": Edit(
        "self.get(path).text", "self.get(path + '/b').text", 'api.text("/a")', "'got /a/b for ann'"
    ),
    "method with super": Edit(
        "_port}{path}", "_port}/v2{path}", 'api.text("/a")', "'got /v2/a for ann'"
    ),
    "authentication": Edit('"ann"', '"bob"', 'api.text("/a")', "'got /a for bob'"),
    "adapter": Edit(
        "        return super().send(",
        "        request.headers['X-User'] = 'eve'\n        return super().send(",
        'api.text("/a")',
        "'got /a for eve'",
    ),
    "hook": Edit('"seen"', '"noted"', 'api.get("/a").note', "'noted'"),
}

STOPPED = "api.close(); server.shutdown(); server.server_close(); thread.join()"


@pytest.mark.parametrize("edit", HTTP_EDITS.values(), ids=HTTP_EDITS)
def test_requests_and_its_server_follow(program: OpenModule, edit: Edit) -> None:
    live = program(HTTP, CONNECTED)
    live.follows(edit)
    assert live.run(STOPPED) == "None"


USED = """
import requests
response = requests.Response()
response.status_code = 503
url_of = lambda: requests.Request("GET", "http://x/a b").prepare().url
adapter_for = requests.Session().get_adapter
def outcome(call):
    try:
        return call()
    except requests.exceptions.InvalidSchema:
        return "no adapter"
response.ok
"""

INSIDE = {
    "property of a live response": (
        "requests.models",
        Edit(
            "        except HTTPError:\n            return False\n        return True",
            "        except HTTPError:\n            return 'so what'\n        return True",
            "response.ok",
            "'so what'",
            "Response.ok",
        ),
    ),
    "function that other modules imported by name": (
        "requests.utils",
        Edit(
            "return quote(unquote_unreserved(uri), safe=safe_with_percent)",
            "return quote(unquote_unreserved(uri), safe=safe_with_percent) + '#seen'",
            "url_of()",
            "'http://x/a%20b#seen'",
            "requote_uri",
        ),
    ),
    "bound method held": (
        "requests.sessions",
        Edit(
            '        raise InvalidSchema(f"No connection adapters were found for {url!r}")',
            "        return 'none for ' + url",
            "outcome(lambda: adapter_for('gopher://x'))",
            "'none for gopher://x'",
            "Session.get_adapter",
        ),
    ),
}


@pytest.mark.parametrize(("module", "edit"), INSIDE.values(), ids=INSIDE)
def test_inside_requests(library: OpenModule, module: str, edit: Edit) -> None:
    library(module, USED).follows_there_and_back(edit)

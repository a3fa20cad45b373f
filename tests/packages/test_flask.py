"""Flask: views, hooks, handlers and filters of an application that serves requests already."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

APP = """\
from functools import wraps

import click
from flask import Blueprint, Flask, abort, g, redirect, render_template_string, request, url_for
from flask.views import MethodView

app = Flask(__name__)
shop = Blueprint("shop", __name__, url_prefix="/shop")
PRICES = {"tea": 3}


class SoldOut(Exception):
    pass


def greeting(name):
    return f"hello {name}"


def with_token(view):
    @wraps(view)
    def checked(*args, **kwargs):
        if request.args.get("token") != "old":
            abort(403)
        return view(*args, **kwargs)

    return checked


@app.before_request
def visitor():
    g.visitor = "guest"


@app.after_request
def mark(response):
    response.headers["X-Mark"] = "one"
    return response


@app.errorhandler(404)
def missing(error):
    return "nothing here", 404


@app.errorhandler(SoldOut)
def sold_out(error):
    return "sold out", 410


@app.template_filter()
def money(amount):
    return f"{amount} EUR"


@app.context_processor
def everywhere():
    return {"site": "Shop"}


@app.route("/hello/<name>")
def hello(name):
    return greeting(name) + "!"


@app.get("/link")
def link():
    return url_for("hello", name="ann")


@app.get("/page")
def page():
    return render_template_string("{{ 3 | money }} {{ site }} {{ g.visitor }}")


@app.get("/secret")
@with_token
def secret():
    return "gold"


@app.get("/buy")
def buy():
    raise SoldOut


@app.get("/stream")
def stream():
    def lines():
        for number in range(3):
            yield f"line {number};"

    return lines()


@shop.route("/list")
def listing():
    return ",".join(PRICES)


class Item(MethodView):
    init_every_request = False

    def get(self, name):
        return {"price": PRICES[name]}


app.register_blueprint(shop)
app.add_url_rule("/item/<name>", view_func=Item.as_view("item"))


@app.cli.command("stock")
def stock():
    click.echo("3 items")
"""

SERVING = """
client = app.test_client()
client.get("/hello/ann").text
"""

EDITS = {
    "view": Edit('+ "!"', '+ "?"', 'client.get("/hello/ann").text', "'hello ann?'"),
    "view by name": Edit(
        '+ "!"', '+ "?"', 'client.get("/hello/ann").text', "'hello ann?'", "hello"
    ),
    "helper of a view": Edit(
        'f"hello {name}"', 'f"hi {name}"', 'client.get("/hello/ann").text', "'hi ann!'"
    ),
    "endpoint with url_for": Edit(
        'name="ann")', 'name="bob", x=1)', 'client.get("/link").text', "'/hello/bob?x=1'"
    ),
    "before_request": Edit('"guest"', '"king"', 'client.get("/page").text', "'3 EUR Shop king'"),
    "after_request": Edit('"one"', '"two"', 'client.get("/link").headers["X-Mark"]', "'two'"),
    "handler of a status": Edit(
        '"nothing here", 404', '"lost", 404', 'client.get("/x").text', "'lost'"
    ),
    "handler of an exception": Edit(
        '"sold out", 410', '"gone", 418', 'client.get("/buy").status_code', "418"
    ),
    "template filter": Edit(
        "{amount} EUR", "{amount:.2f} EUR", 'client.get("/page").text', "'3.00 EUR Shop guest'"
    ),
    "context processor": Edit(
        '"site": "Shop"', '"site": "Mall"', 'client.get("/page").text', "'3 EUR Mall guest'"
    ),
    "decorator of a view": Edit(
        '!= "old"', '!= "new"', 'client.get("/secret?token=new").text', "'gold'"
    ),
    "view under a decorator": Edit(
        '"gold"', '"silver"', 'client.get("/secret?token=old").text', "'silver'"
    ),
    "generator inside a view": Edit(
        "line {number};", "row {number};", 'client.get("/stream").text', "'row 0;row 1;row 2;'"
    ),
    "blueprint": Edit(
        '",".join', '"+".join(["now"]) + ",".join', 'client.get("/shop/list").text', "'nowtea'"
    ),
    "data the views read": Edit(
        '{"tea": 3}', '{"tea": 4}', 'client.get("/item/tea").json', "{'price': 4}"
    ),
    "method of a class-based view": Edit(
        "PRICES[name]}", "PRICES[name] * 2}", 'client.get("/item/tea").json', "{'price': 6}"
    ),
    "command": Edit(
        "3 items", "4 items", 'app.test_cli_runner().invoke(args=["stock"]).output', "'4 items\\n'"
    ),
}


@pytest.mark.parametrize("imported", [True, False], ids=["imported", "evaluated"])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_serving_application_follows(program: OpenModule, edit: Edit, imported: bool) -> None:
    program(APP, SERVING, imported=imported).follows(edit)


def test_a_response_under_way_ends_in_the_code_it_began_with(program: OpenModule) -> None:
    live = program(APP, SERVING)
    live.run('parts = iter(client.get("/stream", buffered=False).response)\nnext(parts)')
    live.edit("line {number};", "row {number};")
    assert live.run("list(parts)") == "[b'line 1;', b'line 2;']"
    assert live.run('client.get("/stream").text') == "'row 0;row 1;row 2;'"


def test_a_new_view_before_the_first_request(program: OpenModule) -> None:
    live = program(APP)
    live.edit(
        '@app.get("/link")', '@app.get("/new")\ndef new():\n    return "new"\n\n\n@app.get("/link")'
    )
    assert live.run('app.test_client().get("/new").text') == "'new'"


def test_a_new_route_after_the_first_request_is_refused_by_flask(program: OpenModule) -> None:
    live = program(APP, SERVING)
    receipt = live.change(
        '@app.route("/hello/<name>")\ndef hello(name):\n    return greeting(name) + "!"',
        '@app.route("/hi/<name>")\ndef hello(name):\n    return greeting(name) + "?"',
    )
    assert receipt.status == "error"
    assert receipt.error is not None
    assert "can no longer be called" in receipt.error.message
    assert live.run('client.get("/hello/ann").text') == "'hello ann!'"


SERVED = """
from flask import *
app = Flask("x")
@app.get("/")
def home():
    return "home"
client = app.test_client()
def url():
    with app.test_request_context():
        return url_for("home")
client.get("/").text, url()
"""

INSIDE = {
    "flask.app": Edit(
        "        if rv is None:\n            raise TypeError(",
        "        if rv == 'home':\n            rv = 'HOME'\n        if rv is None:\n            raise TypeError(",
        "client.get('/').text",
        "'HOME'",
        "Flask.make_response",
    ),
    "flask.helpers": Edit(
        "    return current_app.url_for(",
        "    return '#' + current_app.url_for(",
        "url()",
        "'#/'",
        "url_for",
    ),
    "werkzeug.utils": Edit(
        '    response.headers["Location"] = location\n',
        "    response.headers[\"Location\"] = location + '#moved'\n",
        "redirect('/x').location",
        "'/x#moved'",
        "redirect",
    ),
    "werkzeug.routing.map": Edit(
        "            return f\"{self.script_name.rstrip('/')}/{path.lstrip('/')}\"\n",
        "            return f\"built {self.script_name.rstrip('/')}/{path.lstrip('/')}\"\n",
        "url()",
        "'built /'",
    ),
}


@pytest.mark.parametrize(("module", "edit"), INSIDE.items(), ids=INSIDE)
def test_inside_flask(library: OpenModule, module: str, edit: Edit) -> None:
    library(module, SERVED).follows_there_and_back(edit)

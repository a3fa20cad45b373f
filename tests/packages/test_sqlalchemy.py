"""SQLAlchemy: declarative models with a session and instances alive, on SQLite in memory."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

APP = """\
from sqlalchemy import ForeignKey, String, create_engine, event, func, select, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    column_property,
    mapped_column,
    relationship,
    validates,
)
from sqlalchemy.types import TypeDecorator


class Upper(TypeDecorator):
    impl = String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value.upper()


class Base(DeclarativeBase):
    def __repr__(self):
        return f"<{type(self).__name__} {self.id}>"


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[str]
    last: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(Upper, default=lambda: "abc")
    orders: Mapped[list["Order"]] = relationship(back_populates="user")

    def greeting(self):
        return f"hello {self.first}"

    @hybrid_property
    def full(self):
        return self.first + " " + self.last

    @hybrid_property
    def short(self):
        return self.first[:1]

    @short.expression
    def short(cls):
        return func.substr(cls.first, 1, 1)

    @validates("first")
    def check_first(self, key, value):
        if value == "nobody":
            raise ValueError("who")
        return value

    @classmethod
    def by_name(cls, session, name):
        return session.scalars(select(cls).where(cls.first == name)).one()


class Order(Base):
    __tablename__ = "order"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    user: Mapped[User] = relationship(back_populates="orders")


@event.listens_for(User, "before_insert")
def stamp(mapper, connection, user):
    user.last = user.last + "."


@event.listens_for(User, "load")
def loaded(user, context):
    user.seen = "once"


engine = create_engine("sqlite://")


def outcome(make):
    try:
        return make()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
"""

ALIVE = """
Base.metadata.create_all(engine)
session = Session(engine)
ann = User(first="ann", last="lee")
session.add(ann)
session.add(Order(user=ann))
session.commit()
session.execute(text("alter table user add column nick varchar"))
session.commit()
def add(name):
    user = User(first=name, last="x")
    session.add(user)
    session.flush()
    return user
ann.full, ann.orders
"""

EDITS = {
    "method": Edit(
        "hello {self.first}",
        "hi {self.first}",
        "ann.greeting(), User.by_name(session, 'ann') is ann",
        "('hi ann', True)",
    ),
    "method by name": Edit(
        "hello {self.first}", "hi {self.first}", "ann.greeting()", "'hi ann'", "User.greeting"
    ),
    "hybrid property": Edit(
        'self.first + " "',
        'self.first + "-"',
        "ann.full, session.scalars(select(User.full)).one()",
        "('ann-lee.', 'ann-lee.')",
    ),
    "hybrid property with an expression": Edit(
        "self.first[:1]",
        "self.first[:2]",
        "ann.short, session.scalars(select(User.short)).one()",
        "('an', 'a')",
    ),
    "expression of a hybrid property": Edit(
        "func.substr(cls.first, 1, 1)",
        "func.substr(cls.first, 1, 2)",
        "ann.short, session.scalars(select(User.short)).one()",
        "('a', 'an')",
    ),
    "validator": Edit(
        '"nobody"', '"bob"', "outcome(lambda: User(first='bob', last=''))", "'ValueError: who'"
    ),
    "listener on insert": Edit('user.last + "."', 'user.last + "!"', "add('bob').last", "'x!'"),
    "listener on load": Edit(
        '"once"', '"twice"', "session.expunge_all()\nUser.by_name(session, 'ann').seen", "'twice'"
    ),
    "class method": Edit(
        "select(cls).where(cls.first == name)).one()",
        "select(cls).where(cls.first == name)).one().id",
        "User.by_name(session, 'ann')",
        "1",
    ),
    "base class": Edit(
        "<{type(self).__name__} {self.id}>",
        "<{type(self).__name__} no. {self.id}>",
        "ann, ann.orders",
        "(<User no. 1>, [<Order no. 1>])",
    ),
    "type of a column": Edit(
        "value.upper()",
        "value.title()",
        "add('bob')\nsession.scalars(text('select code from user order by id desc')).first()",
        "'Abc'",
    ),
    "default of a column": Edit('lambda: "abc"', 'lambda: "xyz"', "add('bob').code", "'xyz'"),
    "method added": Edit(
        "    @hybrid_property\n    def full",
        "    def shout(self):\n        return self.first.upper()\n\n    @hybrid_property\n    def full",
        "ann.shout()",
        "'ANN'",
    ),
    "column added by a plain assignment": Edit(
        "    last: Mapped[str] = mapped_column(String(30))\n",
        "    last: Mapped[str] = mapped_column(String(30))\n    age = mapped_column(String)\n",
        "'age' in User.__table__.columns, str(select(User.age)), isinstance(ann, User)",
        '(True, \'SELECT "user".age \\nFROM "user"\', True)',
    ),
    "plain attribute added": Edit(
        "    def greeting(self):\n",
        "    limit = 5\n\n    def greeting(self):\n",
        "ann.limit, User.limit",
        "(5, 5)",
    ),
    "hybrid property added": Edit(
        '    @validates("first")',
        "    @hybrid_property\n    def loud(self):\n        return self.first + '!'\n\n    @validates(\"first\")",
        "ann.loud, session.scalars(select(User.loud)).one()",
        "('ann!', 'ann!')",
    ),
    "model added": Edit(
        '@event.listens_for(User, "before_insert")',
        "class Note(Base):\n    __tablename__ = 'note'\n    id: Mapped[int] = mapped_column(primary_key=True)\n\n\n@event.listens_for(User, \"before_insert\")",
        "Base.metadata.create_all(engine)\nsession.add(Note())\nsession.flush()\nsession.scalars(select(Note)).one()",
        "<Note 1>",
    ),
    "column added": Edit(
        "    code: Mapped",
        "    nick: Mapped[str | None] = mapped_column(String)\n    code: Mapped",
        "session.rollback()\nann.nick = str(hasattr(User, 'nick'))\nsession.commit()\nsession.scalars(select(User.nick)).all(), User.by_name(session, 'ann') is ann",
        "(['True'], True)",
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_mapped_instances_follow(program: OpenModule, edit: Edit) -> None:
    program(APP, ALIVE).follows(edit)


MAPPED = """
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
class Base(DeclarativeBase):
    pass
class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
session = Session(engine)
session.add(Note())
session.commit()
row = session.execute(select(Note.id)).one()
row
"""

INSIDE = {
    "sqlalchemy.orm.session": Edit(
        "            _scalar_result=False,  # mypy appreciates this\n            **kw,\n        ).scalars()",
        "            _scalar_result=False,  # mypy appreciates this\n            **kw,\n        ).scalars().all()",
        "session.scalars(select(Note.id)).__class__.__name__",
        "'list'",
    ),
    "sqlalchemy.engine.row": Edit(
        "        return repr(sql_util._repr_row(self))",
        "        return '<row ' + repr(sql_util._repr_row(self)) + '>'",
        "row",
        "<row (1,)>",
        "Row.__repr__",
    ),
}


@pytest.mark.parametrize(("module", "edit"), INSIDE.items(), ids=INSIDE)
def test_inside_sqlalchemy(library: OpenModule, module: str, edit: Edit) -> None:
    library(module, MAPPED).follows_there_and_back(edit)


REFUSED = {
    "a column of another type": (
        "mapped_column(String(30))",
        "mapped_column(String(40))",
        "has made 'InstrumentedAttribute' of it; restart the session",
    ),
    "a column that is only annotated": (
        "    code: Mapped",
        "    nick: Mapped[str | None]\n    code: Mapped",
        "takes attributes that have a value; give it one",
    ),
}


@pytest.mark.parametrize(("old", "new", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_a_mapped_class_cannot_take_is_refused(
    program: OpenModule, old: str, new: str, reason: str
) -> None:
    live = program(APP, ALIVE)
    receipt = live.change(old, new)
    assert receipt.status == "refused"
    assert reason in (receipt.definitions[0].reason or "")
    live.shows("add('bob').code, ann.greeting()", "('abc', 'hello ann')")

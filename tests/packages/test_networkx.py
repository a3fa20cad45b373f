"""NetworkX: functions behind its dispatcher, graphs that live, the inside of its algorithms."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

APP = """\
import networkx as nx
from networkx.utils import not_implemented_for


@nx._dispatchable(name=__name__ + ".busiest")
def busiest(G):
    return max(G, key=G.degree)


@not_implemented_for("directed")
@nx._dispatchable(name=__name__ + ".heavy", edge_attrs="weight")
def heavy(G, weight="weight"):
    return sum(d for *_, d in G.edges(data=weight, default=1))


def cost(u, v, data):
    return data.get("weight", 1)


class Roads(nx.Graph):
    edge_attr_dict_factory = dict

    def length(self):
        return self.size()
"""
ALIVE = "roads = Roads([(1, 2), (2, 3), (3, 4), (1, 5), (5, 4)])\nheld = busiest\nheld(roads), heavy(roads)"
EDITS = {
    "dispatched function": Edit("max(G", "-min(G", "held(roads), busiest(roads)", "(-1, -1)"),
    "dispatched function under another decorator": Edit(
        "return sum(", "return 100 + sum(", "heavy(roads)", "105"
    ),
    "weight function": Edit(
        'data.get("weight", 1)', "10", "nx.shortest_path_length(roads, 1, 2, weight=cost)", "10"
    ),
    "subclass of a graph": Edit(
        "self.size()", "self.size() * 2", "roads.length(), roads.copy().length()", "(10, 10)"
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_graphs_and_functions_follow(program: OpenModule, edit: Edit) -> None:
    program(APP, ALIVE).follows(edit)


USED = """
import networkx as nx
parts = nx.path_graph(4)
nx.add_path(parts, [7, 8])
full, directed = nx.complete_graph(4), nx.DiGraph(nx.path_graph(3))
components, triangles = nx.connected_components, nx.triangles
list(components(parts))
"""

INSIDE = {
    "function behind the dispatcher": (
        "networkx.algorithms.cluster",
        Edit(
            "            return next(_triangles_and_degree_iter(G, nodes))[2] // 2\n",
            "            return next(_triangles_and_degree_iter(G, nodes))[2] // 2 + 1000\n",
            "triangles(full, 0), nx.triangles(full, 0), nx.triangles is triangles",
            "(1003, 1003, True)",
            "triangles",
        ),
    ),
    "generator under two decorators": (
        "networkx.algorithms.components.connected",
        Edit(
            "            seen.update(c)\n            yield c\n",
            "            seen.update(c)\n            yield len(c)\n",
            "list(components(parts)), list(nx.connected_components(parts))",
            "([4, 2], [4, 2])",
            "connected_components",
        ),
    ),
    "helper of an algorithm": (
        "networkx.algorithms.components.connected",
        Edit(
            "    seen = {source}\n",
            "    return {'seen'}\n    seen = {source}\n",
            "nx.node_connected_component(parts, 7)",
            "{'seen'}",
            "_plain_bfs",
        ),
    ),
    "method of graphs and of their subclasses": (
        "networkx.classes.graph",
        Edit(
            "        s = sum(d for v, d in self.degree(weight=weight))\n",
            "        s = 84\n",
            "full.size(), directed.size()",
            "(42, 42)",
            "Graph.size",
        ),
    ),
    "view of a graph": (
        "networkx.classes.reportviews",
        Edit(
            "class NodeView(Mapping, Set):",
            "class NodeView(Mapping, Set):\n    def first(self):\n        return next(iter(self))\n",
            "full.nodes.first() if hasattr(full.nodes, 'first') else None",
            "0",
        ),
    ),
}


@pytest.mark.parametrize(("module", "edit"), INSIDE.values(), ids=INSIDE)
def test_inside_networkx(library: OpenModule, module: str, edit: Edit) -> None:
    library(module, USED).follows_there_and_back(edit)

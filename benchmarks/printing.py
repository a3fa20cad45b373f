"""What `print` costs in a session: alone, while a thread is alive, and on a thread, as ratios.

.venv/bin/python benchmarks/printing.py
"""

from __future__ import annotations

import sys
import tempfile

from relive import Session

LINES = 5000
ROUNDS = 15

CODE = f"""
import threading, time
def lines():
    started = time.thread_time()
    for _ in range({LINES}): print('a line of output')
    return time.thread_time() - started
def on_a_thread():
    took = []
    thread = threading.Thread(target=lambda: took.append(lines()))
    thread.start(); thread.join()
    return took[0]
go = threading.Event()
"""


def main() -> None:
    """Print the ratios, of the best of several rounds."""
    with tempfile.TemporaryDirectory() as folder, Session(cwd=folder) as session:
        session.evaluate(CODE)
        best(session, "lines()")  # the processor warms up
        alone = best(session, "lines()")
        session.evaluate("thread = threading.Thread(target=go.wait); thread.start()")
        beside = best(session, "lines()")
        session.evaluate("go.set(); thread.join()")
        threaded = best(session, "on_a_thread()")
    sys.stdout.write(
        f"alone {alone / LINES * 1e6:.2f} µs a line; while a thread is alive "
        f"x {beside / alone:.2f}, on a thread x {threaded / alone:.2f}\n"
    )


def best(session: Session, code: str) -> float:
    """Return the shortest time that `code` says it took."""
    answers = [session.evaluate(code) for _ in range(ROUNDS)]
    values = [answer.results[-1].value for answer in answers]
    return min(float(value.text) for value in values if value is not None)


if __name__ == "__main__":
    main()

"""The whole pipeline at once: python -m penguins."""

from .clean import clean
from .load import load_rows
from .report import report

if __name__ == "__main__":
    print(report(clean(load_rows())))

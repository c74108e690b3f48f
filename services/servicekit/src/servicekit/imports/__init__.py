"""Imports: a file of rows becomes things of the domain, after a look at what would happen.

Uploaded, read and checked in one request; shown (`prepared`); confirmed; then done row after row as a work. A row
that is refused keeps nobody waiting: it comes back in a corrected file, with its reason. The same file sent twice
changes nothing twice: each row is recognised, by what it is about or by its key.
"""

from servicekit.imports.columns import Column, Layout, Problem
from servicekit.imports.importing import Importing, Known, Outcome, Repeats, RowState
from servicekit.imports.routes import import_router

__all__ = ["Column", "Importing", "Known", "Layout", "Outcome", "Problem", "Repeats", "RowState", "import_router"]

"""Works: long jobs that a person starts, follows and can cancel; imports and exports are two families of them.

A work is a row that says whose it is, how far it is and what came of it. It is done in steps of half a second,
each a job and a transaction under the scope of the person who asked: a process killed in the middle loses one
step, which is done again, once. What a work holds of people is sealed with a key of its own and forgotten when
it expires; its row stays as the register of what was imported and exported, by whom and why.
"""

from servicekit.works.running import Kind, Pace, Works
from servicekit.works.states import WorkState
from servicekit.works.work import Work, begin

__all__ = ["Kind", "Pace", "Work", "WorkState", "Works", "begin"]

"""What looks into files: run in a process of its own, which may die of them.

`python -I -c …` with an empty environment; the file on standard input, the rebuilt one on standard output, the
verdict as exit status (0: rebuilt; see `refusals`). Nothing else of the service is imported here.
"""

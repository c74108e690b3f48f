"""Letters: a template, values and a date become a tagged PDF/UA whose bytes can be made again.

    kind = Kind("receipt", "Accusé de réception", fields=(Field("number", "Numéro", "311-2026-000123"), …))
    snapshot = Snapshot(kind=kind.code, text=template, values={"number": "311-2026-000123"}, …)
    pdf = await typesetter().pdf(snapshot)

- **Templates** are text in a small markup (`markup.py`): paragraphs, lists, emphasis, fields of a closed list.
  They are data for the sheet (`sheet_v1.typ`), never typst source, so whoever edits one runs nothing.
- **A letter is its snapshot**: text, values, date, letterhead, recipient. The same snapshot gives the same bytes
  tomorrow, so bytes are not stored; their SHA-256 is, and a test notices an engine that would change them.
- **Shelves** (`shelf.py`) keep the templates of each caisse in versions: one draft, published ones in force from a
  day on, what the service ships where the caisse wrote none.
- **Batches** (`batches.py`) are works: hundreds of letters, a few in each step, then one PDF to print them all.
"""

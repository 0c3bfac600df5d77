"""What a killed ingest, or another embedding model, left behind becomes work for the next ingest."""

from __future__ import annotations

from ingest.library import Library


def recover(library: Library, reembed: bool) -> None:
    """Brings catalogue and indexes to a state from which an ingest can go on.

    Passages in the indexes that belong to no ready record go; ready records whose passages are not
    all in the indexes are marked unfinished, and so are all when everything is to be embedded again.

    Args:
        library: with its writing lock held.
        reembed: embed everything again, with the model that the settings name.
    """
    catalogue, index, model = library.catalogue, library.index, library.settings.embedding_model
    if reembed:
        with catalogue.transaction():
            catalogue.remember("embedding model", model)
            catalogue.connection.execute("UPDATE sources SET unfinished = 1 WHERE state = 'ready'")
    # The index remembers its model too: a kill between the lines above and below must not mix two.
    if reembed or index.store.recall("model") not in (None, model):
        index.clear()
    if index.store.recall("model") != model:
        index.store.remember("model", model)
    if not index.unsettled:
        return
    ready = {
        str(row["id"]): str(row["record_id"])
        for row in catalogue.rows(
            "SELECT passages.id, record_id FROM passages JOIN records ON record_id = records.id"
            " JOIN sources USING (sha256) WHERE state = 'ready'"
        )
    }
    table = index.store.table()
    strays = {
        str(record)
        for passage, record in zip(table.ids, table.records, strict=True)
        if ready.get(passage) != record
    }
    index.delete(strays)
    held = set(index.store.table().ids)
    lost = sorted({record for passage, record in ready.items() if passage not in held})
    with catalogue.transaction():
        catalogue.connection.executemany(
            "UPDATE sources SET unfinished = 1 WHERE sha256 IN (SELECT sha256 FROM records WHERE id = ?)",
            [(record,) for record in lost],
        )

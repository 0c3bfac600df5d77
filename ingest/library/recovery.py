"""What a killed ingest, or another embedding model, left behind becomes work for the next ingest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.library.agreement import disagreements, held_by_catalogue
from ingest.library.removal import sweep
from ingest.library.store import Store

if TYPE_CHECKING:
    from ingest.library.index import Index


def recover(library: Store, reembed: bool) -> None:
    """Brings catalogue and indexes to a state from which an ingest can go on.

    Passages in the indexes that belong to no ready record go; ready records whose passages are not
    all in the indexes are marked unfinished, and so are all when everything is to be embedded again.

    Args:
        library: with its writing lock held.
        reembed: embed everything again, with the model that the settings name.
    """
    catalogue, index, model = library.catalogue, library.index_to_mend(), library.settings.embedding_model
    catalogue.add_indexes()
    if reembed:
        with catalogue.transaction():
            catalogue.remember("embedding model", model)
            catalogue.connection.execute("UPDATE sources SET unfinished = 1 WHERE state = 'ready'")
    # The index remembers its model too: a kill between the lines above and below must not mix two.
    if reembed or index.store.recall("model") not in (None, model):
        index.clear()
    if index.store.recall("model") != model:
        index.store.remember("model", model)
    collect_originals(library)
    if index.unsettled or not _counts_agree(library, index):
        _bring_together(library, index)
    sweep(library)


def _counts_agree(library: Store, index: Index) -> bool:
    """Whether as many passages are indexed as the catalogue has: a file of the index may have been lost."""
    return index.store.count() == held_by_catalogue(library.catalogue) == index.words.count()


def _bring_together(library: Store, index: Index) -> None:
    catalogue = library.catalogue
    lost, strays = disagreements(catalogue, index)
    index.begin()
    index.delete(strays)
    if index.words.count() != index.store.count():
        index.words.rewrite(library.all_passages())
    with catalogue.transaction():
        catalogue.connection.executemany(
            "UPDATE sources SET unfinished = 1 WHERE sha256 IN (SELECT sha256 FROM records WHERE id = ?)",
            [(record,) for record in sorted(lost)],
        )


def collect_originals(library: Store) -> None:
    """Originals of no source go: a writer was killed before it could say what they are, or behind a removal."""
    known = library.catalogue.sources()
    for file in library.originals.files():
        if file.name not in known:
            library.originals.forget(file.name)

"""Gradio's Blocks, less the work that they do for what a handler leaves as it is."""

from __future__ import annotations

from copy import copy
from typing import Any

import gradio


class LeanBlocks(gradio.Blocks):
    """Blocks in which a skipped output costs nothing.

    Gradio 6 makes a component anew for every `skip()`, which is an empty update to it: with seven outputs and
    four steps to an answer that was more work than finding and rendering the answer
    (`python -m eval.studies.page_load` prints the processor time of a question).
    """

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:
        """The outputs as they are sent; those that were skipped pass by."""
        if isinstance(predictions, list | tuple) and 1 < len(predictions) == len(block_fn.outputs):
            changed = [place for place, given in enumerate(predictions) if not _skipped(given)]
            if 0 < len(changed) < len(predictions):
                narrowed = copy(block_fn)
                narrowed.outputs = [block_fn.outputs[place] for place in changed]
                given = [predictions[place] for place in changed]
                made = await super().postprocess_data(narrowed, given if len(given) > 1 else given[0], state)
                sent: list[Any] = [None if one.stateful else gradio.skip() for one in block_fn.outputs]
                for place, value in zip(changed, made, strict=True):
                    sent[place] = value
                return sent
        whole: list[Any] = await super().postprocess_data(block_fn, predictions, state)
        return whole


def _skipped(given: Any) -> bool:
    return isinstance(given, dict) and given == gradio.skip()

"""What may write on the page, and how each of them stands: ready, not there, being verified, loading, writing, too slow."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from ingest.settings import Settings
from rag.models.chosen import AUTO, LOCAL, NONE
from rag.models.weights import pulled, standing

State = Literal["ready", "no_engine", "missing", "verifying", "loading", "writing", "slow"]
CANNOT: frozenset[State] = frozenset(("no_engine", "missing", "verifying"))
SLOW_SECONDS = 60.0
"""An answer that took longer to write is told to be slow: nobody waits so long twice without knowing."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One that may write: `id` is as in `JUPILU_MODEL`, `seconds` how long its last answer took."""

    id: str
    state: State
    seconds: float | None = None

    @property
    def is_able(self) -> bool:
        """Whether it can be chosen now."""
        return self.state not in CANNOT


class Models:
    """The models of one page; safe between threads.

    The company's own words are always offered, with them what the settings name. Where they say `none`, whoever runs
    the page wants no model, and none is offered.
    """

    def __init__(self, settings: Settings, is_loading: Callable[[str], bool]) -> None:
        """
        Args:
            settings: name the model, and where the local one's weights are.
            is_loading: whether the model with an id is not in memory yet.
        """
        self._settings = settings
        self._is_loading = is_loading
        self._writing: Counter[str] = Counter()
        self._last: dict[str, float] = {}
        self._gave_up: set[str] = set()
        self._verifying: threading.Thread | None = None
        self._refused = False
        self._lock = threading.Lock()

    def offered(self) -> list[Offered]:
        """All that may be chosen, the company's own words first."""
        setting = self._settings.model.strip() or AUTO
        ids = [NONE] if setting == NONE else [NONE, LOCAL if setting == AUTO else setting]
        if len(ids) == 2 and ids[1] != LOCAL and self._local_state() not in ("no_engine", "missing"):
            ids.insert(1, LOCAL)  # beside a provider's, where it is there
        return [Offered(one, self._state(one), self._last.get(one)) for one in ids]

    def default(self) -> str:
        """What writes where nothing was chosen: what the settings name, if it can."""
        last = self.offered()[-1]
        return last.id if last.is_able else NONE

    def chosen(self, wanted: str | None) -> str:
        """What writes for a choice: that, where it is offered and able, else the company's own words."""
        if not wanted:
            return self.default()
        able = {one.id for one in self.offered() if one.is_able}
        return wanted if wanted in able else NONE

    def begins(self, model: str) -> None:
        """A model was given something to write."""
        with self._lock:
            self._writing[model] += 1

    def ended(self, model: str, seconds: float, *, wrote: bool) -> None:
        """It is done, after so many seconds; `wrote` says whether anything of it stands."""
        with self._lock:
            self._writing[model] -= 1
            if wrote:
                self._last[model] = seconds
                self._gave_up.discard(model)
            elif seconds >= 0.9 * min(self._settings.model_timeout, self._settings.model_deadline):
                self._last[model] = seconds
                self._gave_up.add(model)

    def _state(self, model: str) -> State:
        if model == NONE:
            return "ready"
        if model == LOCAL and (state := self._local_state()) != "ready":
            return state
        with self._lock:
            if self._writing[model] > 0:
                return "loading" if self._is_loading(model) else "writing"
            return "slow" if model in self._gave_up or self._last.get(model, 0) > SLOW_SECONDS else "ready"

    def _local_state(self) -> State:
        """How the local model's weights stand; where they must be verified, that begins now."""
        if find_spec("xllamacpp") is None:
            return "no_engine"
        stands = standing(self._settings)
        if stands == "verified":
            return "ready"
        if stands == "missing":
            return "missing"
        with self._lock:
            if self._refused:
                return "missing"
            if self._verifying is None:
                self._verifying = threading.Thread(target=self._verify, daemon=True, name="verify-model")
                self._verifying.start()
        return "verifying"

    def _verify(self) -> None:
        fits = pulled(self._settings) is not None
        with self._lock:
            self._refused, self._verifying = not fits, None

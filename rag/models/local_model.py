"""The local language model: llama.cpp in this process, behind its OpenAI-compatible server."""

from __future__ import annotations

import secrets
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ingest.errors import ModelUnavailable
from ingest.settings import Settings
from rag.models.weights import QWEN, ModelFile, pulled


class LocalServer:
    """Serves one file of weights on a free loopback port, started when first asked for.

    Questions that come at once wait for each other in the server's own queue. Weights leave memory
    after `local_idle_seconds` and come back with the next question. Only who has the key, made
    afresh for each start, is served.
    """

    def __init__(self, settings: Settings, model: ModelFile = QWEN) -> None:
        """Starts nothing yet."""
        self._settings = settings
        self._model = model
        self._lock = threading.Lock()
        self._server: Any = None
        self.key = secrets.token_hex(16)

    def url(self) -> str:
        """The base URL of the OpenAI protocol; starts the server when it isn't running.

        Raises:
            ModelUnavailable: the weights or xllamacpp are missing, or the weights can't be loaded.
        """
        with self._lock:
            if self._server is None:
                lacking = missing(self._settings, self._model)
                if lacking:
                    raise ModelUnavailable(lacking)
                self._server = self._started(self._settings.models_dir / self._model.file_name)
            return f"{self._server.listening_address}/v1"

    @property
    def is_running(self) -> bool:
        """Whether the weights have been loaded."""
        return self._server is not None

    def close(self) -> None:
        """Stop serving and give the memory back."""
        with self._lock:
            self._server = None

    def _started(self, path: Path) -> Any:
        import xllamacpp  # type: ignore[import-untyped, unused-ignore]

        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(path)
        parameters.n_ctx = self._settings.local_context_tokens
        parameters.n_parallel = 1  # two answers at once would each take twice as long
        parameters.hostnames = ["127.0.0.1"]
        parameters.port = 0
        parameters.api_keys = [self.key]
        parameters.cors_origins = "null"
        parameters.ui = False
        parameters.endpoint_slots = False
        parameters.cache_ram_mib = 0  # the slot keeps the last prompt; more is memory for nothing
        parameters.sleep_idle_seconds = self._settings.local_idle_seconds
        parameters.warmup = False
        parameters.verbosity = 0
        if self._settings.local_threads:
            parameters.cpuparams.n_threads = self._settings.local_threads
            parameters.cpuparams_batch.n_threads = self._settings.local_threads
        try:
            return xllamacpp.Server(parameters)
        except (RuntimeError, OSError, ValueError) as error:
            raise ModelUnavailable(
                f"the local model {path.name} could not be loaded ({type(error).__name__})"
            ) from None


def missing(settings: Settings, model: ModelFile = QWEN) -> str | None:
    """What the local model lacks, with the command that gets it; None when it could write now."""
    if find_spec("xllamacpp") is None:
        return "the local model needs xllamacpp: pip install 'jupilu[local]'"
    if pulled(settings, model) is None:
        return f"the local model is not there: `jupilu models pull` gets it ({model.size / 1e9:.1f} GB)"
    return None

"""`jupilu models`: which language models can write, and the weights of the local one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ingest.errors import ModelUnavailable
from ingest.settings import Settings
from ui.commands.options import JsonOption
from ui.commands.showing import printable

app = typer.Typer(
    help="Language models: what can write answers, and the local model's weights.", no_args_is_help=True
)


# How each is reached; the key goes into JUPILU_MODEL_API_KEY. See docs/models.md.
EXAMPLES = (
    ("openai:gpt-5-mini", None, "OpenAI"),
    ("openai:deepseek-chat", "https://api.deepseek.com/v1", "DeepSeek"),
    ("openai:qwen-plus", "https://dashscope.aliyuncs.com/compatible-mode/v1", "Qwen (DashScope)"),
    ("openai:MODEL", "http://localhost:8000/v1", "vLLM"),
    ("openai:qwen2.5:7b", "http://localhost:11434/v1", "Ollama"),
)


@app.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """List what can write answers: nothing (verbatim), the local model, a provider's."""
    from rag.models.chosen import open_model
    from rag.models.local_model import missing
    from rag.models.weights import QWEN

    settings = Settings()
    chosen = open_model(settings)
    lacking = missing(settings)
    document: dict[str, Any] = {
        "setting": settings.model,
        "writes": chosen.name if chosen else "none",
        "local": {
            "name": QWEN.name,
            "bytes": QWEN.size,
            "license": QWEN.license,
            "path": str(settings.models_dir / QWEN.file_name),
            "ready": lacking is None,
            "missing": lacking,
        },
    }
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    typer.echo(f"JUPILU_MODEL={settings.model}: {document['writes']} writes")
    typer.echo("  none    the company's own words, no model")
    typer.echo(f"  local   {QWEN.name}, {QWEN.size / 1e9:.1f} GB, {QWEN.license}: {lacking or 'ready'}")
    for model, url, provider in EXAMPLES:
        typer.echo(f"  {model:22}{provider}" + (f", JUPILU_MODEL_BASE_URL={url}" if url else ""))


def replay(
    receipt: Annotated[
        str, typer.Argument(help="A receipt's id, as `jupilu ask --json` prints it, or its beginning.")
    ],
    library: Annotated[Path | None, typer.Option("--library", help="The library's folder.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what has changed since an answer was given."""
    from rag.disclosure_qa import DisclosureQA

    settings = Settings()
    with DisclosureQA.open(library or settings.library, settings) as qa:
        replayed = qa.replay(receipt)
    if as_json:
        typer.echo(json.dumps(replayed.as_json(), ensure_ascii=False, indent=2))
        return
    kept = replayed.receipt
    typer.echo(f"{kept.id}  {kept.made_at}  {kept.answer['question']}")
    typer.echo(f"{kept.model} wrote; {len(kept.evidence)} passages, {len(kept.answer['claims'])} claims")
    for change in replayed.changes or ("nothing has changed",):
        typer.echo(f"  {printable(change)}")


@app.command("pull")
def pull_model(
    name: Annotated[
        str,
        typer.Argument(help="local, or a sentence-transformers model (embedding or CrossEncoder) by name."),
    ] = "local",
    as_json: JsonOption = False,
) -> None:
    """Get a model: the local one's weights (1.1 GB, verified; an interrupted pull goes on), or any by name."""
    document = _pull_local(as_json) if name == "local" else _pull_named(name)
    if as_json:
        typer.echo(json.dumps(document))
    else:
        typer.echo(f"{document['path']} is there" + (" and verified" if "sha256" in document else ""))


def _pull_local(quiet: bool) -> dict[str, Any]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from rag.models.weights import QWEN, pull

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task(QWEN.name, total=QWEN.size)
        path = pull(
            Settings(),
            lambda done, total, source: bar.update(
                task, completed=done, description=f"{QWEN.name} ({source})"
            ),
        )
        bar.update(task, completed=QWEN.size)
    return {"path": str(path), "bytes": QWEN.size, "sha256": QWEN.sha256}


def _pull_named(name: str) -> dict[str, Any]:
    """Fetch a model of the Hugging Face hub, with that hub's own client and cache."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        return {"path": snapshot_download(name)}
    except (OSError, HfHubHTTPError, HFValidationError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelUnavailable(
            f"{name} could not be fetched ({reason}); name a folder on this machine instead"
        ) from error

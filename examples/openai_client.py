"""Jupilu as a model of OpenAI's client.

    jupilu serve --library LIBRARY        # in another terminal
    python -m examples.openai_client "岚川智冷的二期液冷基地什么时候投产？"

JUPILU_SERVE_KEY is the key where the server has keys.
"""

from __future__ import annotations

import os
import sys

from openai import OpenAI


def main(question: str, url: str = "http://127.0.0.1:8000/v1") -> None:
    """Print the answer with its footnotes, and the first citation as the program sees it."""
    client = OpenAI(base_url=url, api_key=os.environ.get("JUPILU_SERVE_KEY", "none"))
    message = (
        client.chat.completions.create(
            model="jupilu",  # jupilu@309001 for one company, jupilu@309001@2024-08-31 as of a day
            messages=[{"role": "user", "content": question}],
        )
        .choices[0]
        .message
    )
    print(message.content)
    for claim in message.jupilu["claims"][:1]:
        print(claim["verdict"], claim["citations"][0])


if __name__ == "__main__":
    main(*sys.argv[1:3])

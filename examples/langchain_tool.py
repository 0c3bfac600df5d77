"""Jupilu as a tool of a LangChain agent.

    python -m examples.langchain_tool LIBRARY "岚川智冷的二期液冷基地什么时候投产？"

The model reads proven words with their marks; `artifact` keeps every citation for the program. With a model:

    from langchain.agents import create_agent
    agent = create_agent("openai:gpt-5-mini", [disclosures("library")])
    agent.invoke({"messages": [{"role": "user", "content": "岚川智冷的二期什么时候投产？"}]})
"""

from __future__ import annotations

import sys
from typing import Any

from langchain_core.tools import BaseTool, tool

from ingest.settings import Settings
from rag import DisclosureQA


def disclosures(library: str) -> BaseTool:
    """The tool, over one library; no language model writes inside it."""
    qa = DisclosureQA.open(library, Settings(model="none"))

    @tool(response_format="content_and_artifact")
    def ask_disclosures(question: str, company: str = "", as_of: str = "") -> tuple[str, dict[str, Any]]:
        """What Chinese listed companies have officially said, word for word, from their investor-relations records.

        Quote the answer as it is. "Not found" is about these records alone, not about the company.

        Args:
            question: in Chinese or English, about one company or several.
            company: code or name, where the question names none.
            as_of: YYYY-MM-DD; only what was published by then.
        """
        answer = qa.ask(question, company=company or None, as_of=as_of or None)
        return f"{answer.outcome}\n{answer.text}", answer.as_json()

    return ask_disclosures


if __name__ == "__main__":
    call = {"type": "tool_call", "id": "1", "name": "ask_disclosures", "args": {"question": sys.argv[2]}}
    message = disclosures(sys.argv[1]).invoke(call)
    print(message.content)
    for claim in message.artifact["claims"][:3]:
        cited = claim["citations"][0]
        print(
            f"{claim['verdict']}: {cited['quote']} ({cited['source_file']}, {cited['start']}-{cited['end']})"
        )

"""What a fetch tells at its end."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

Source = Literal["announcements", "互动易", "e互动"]


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one site had of one company.

    `listed` counts what the site's list holds of the days asked for; of these `known` were there already, `new` were
    written, `changed` are answers that read otherwise than before. `unanswered` questions are not kept. `files` were
    written. `problems` say, a line each, what is missing and why; `is_listed` is false where there is no list at all.
    """

    source: Source
    listed: int = 0
    known: int = 0
    new: int = 0
    changed: int = 0
    unanswered: int = 0
    files: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class CompanyReport:
    """What was fetched of one company."""

    code: str
    short_name: str | None
    sources: tuple[SourceReport, ...]


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What was fetched: from and to which day of publication, into which folder, with how many requests."""

    into: str
    first: date
    last: date
    companies: tuple[CompanyReport, ...]
    requests: int
    seconds: float

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is missing, each line with the company and the site."""
        return tuple(
            f"{company.code} {one.source}: {problem}"
            for company in self.companies
            for one in company.sources
            for problem in one.problems
        )

    @property
    def is_empty_handed(self) -> bool:
        """Whether no site gave a list of any company."""
        return not any(one.is_listed for company in self.companies for one in company.sources)

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON document."""
        told = asdict(self)
        return {
            "into": told["into"],
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "companies": told["companies"],
            "problems": list(self.problems),
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
        }

    def summary(self) -> str:
        """A line for each company, and the counts in one line."""
        lines = [f"{self.into}, published {self.first} to {self.last}"]
        for company in self.companies:
            lines.append(f"{company.code} {company.short_name or ''}".rstrip())
            for one in company.sources:
                counts = [f"{one.new} new", f"{one.known} there already"]
                counts += [f"{one.changed} changed"] if one.changed else []
                counts += [f"{one.unanswered} without an answer"] if one.unanswered else []
                counts += [f"{len(one.problems)} problems"] if one.problems else []
                lines.append(f"  {one.source}: {', '.join(counts) if one.is_listed else 'no list'}")
        new = sum(one.new for company in self.companies for one in company.sources)
        lines.append(f"{new} new; {self.requests} requests in {self.seconds:.1f} s")
        return "\n".join(lines)

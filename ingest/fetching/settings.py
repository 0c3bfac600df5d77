"""Where the exchanges' sites are and how politely they are asked; `JUPILU_FETCH_X` in the environment sets `x`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from ingest.settings_told import ToldSettings, web_address


def _name() -> str:
    try:
        number = version("jupilu")
    except PackageNotFoundError:  # run from a checkout
        number = "0"
    return f"Jupilu/{number} (reads published investor-relations records)"


class FetchSettings(ToldSettings):
    """The sites' addresses, and bounds on what is asked of them."""

    model_config = SettingsConfigDict(
        env_prefix="JUPILU_FETCH_", frozen=True, extra="ignore", allow_inf_nan=False
    )

    @field_validator("cninfo_url", "files_url", "hudongyi_url", "ehudong_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        web_address(value)
        return value.rstrip("/")

    @field_validator("user_agent")
    @classmethod
    def _is_a_header(cls, value: str) -> str:
        if not value.strip() or not value.isascii() or not value.isprintable():
            raise ValueError("one line of ASCII")
        return value

    cninfo_url: str = Field(
        default="https://www.cninfo.com.cn", description="巨潮资讯, where announcements are listed"
    )
    files_url: str = Field(
        default="https://static.cninfo.com.cn", description="where the files of announcements lie"
    )
    hudongyi_url: str = Field(default="https://irm.cninfo.com.cn", description="深交所互动易")
    ehudong_url: str = Field(default="https://sns.sseinfo.com", description="上证e互动")
    user_agent: str = Field(default_factory=_name, description="the name under which the sites are asked")
    gap: float = Field(default=1.0, ge=0, le=600, description="least seconds between two requests")
    timeout: float = Field(default=30, gt=0, le=600, description="seconds to wait for a site's next bytes")
    longest: float = Field(default=300, gt=0, le=3600, description="seconds for one answer as a whole")
    retries: int = Field(default=3, ge=0, le=10, description="how often a failed request is repeated")
    backoff: float = Field(
        default=2.0, ge=0, le=600, description="seconds before the first repetition, doubled each time"
    )
    longest_wait: float = Field(
        default=120, ge=0, le=3600, description="most seconds that a site may ask to wait"
    )
    max_file_bytes: int = Field(default=32 * 2**20, ge=1, le=2**30, description="larger files are left out")
    max_pages: int = Field(
        default=20, ge=1, le=1000, description="most pages of one list that are asked for each company"
    )
    days: int = Field(default=365, ge=1, le=36_500, description="how far back, where no first day is given")

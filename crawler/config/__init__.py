"""config.yaml, typed: every mistake at once, each with its line, and what to do about it."""

from crawler.config.find import load, origins
from crawler.config.problems import ConfigError
from crawler.config.shape import (
    ArchiveConfig,
    Config,
    FetchConfig,
    LogConfig,
    ParseConfig,
    PolitenessConfig,
    RetryConfig,
    ScheduleConfig,
    SourceConfig,
    StoreConfig,
    WebConfig,
)
from crawler.config.show import as_yaml, schema, with_origins

__all__ = [
    "ArchiveConfig",
    "Config",
    "ConfigError",
    "FetchConfig",
    "LogConfig",
    "ParseConfig",
    "PolitenessConfig",
    "RetryConfig",
    "ScheduleConfig",
    "SourceConfig",
    "StoreConfig",
    "WebConfig",
    "as_yaml",
    "load",
    "origins",
    "schema",
    "with_origins",
]

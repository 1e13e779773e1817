"""A crawl as a process sees it: signals, draining, restarts, and how it ended."""

from crawler.daemon.single import run
from crawler.daemon.supervising import GaveUp, Restarts
from crawler.daemon.watch import Opened, Round, Watch

__all__ = ["GaveUp", "Opened", "Restarts", "Round", "Watch", "run"]

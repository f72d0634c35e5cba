"""`casewall bench`: what a page costs, in ratios measured within one run.

`command` sets up throwaway clusters and prints the table; `fill` and `pages` run in the
programme site's own process; `rounds` holds the protocol and knows neither pages nor databases.
"""

from casewall.config.bench.command import bench

__all__ = ["bench"]

"""A region that does not exist, from a seed, with its planted truth."""

from cakra_analysis.synthetic.region import Region, make_region, write_region

__all__ = ["Region", "make_region", "write_region"]

"""The one door to the outside: what is not published is neither shown nor saved."""

from cakra_analysis.privacy.door import publish
from cakra_analysis.privacy.published import Published
from cakra_analysis.privacy.withheld import read_withheld

__all__ = ["Published", "publish", "read_withheld"]

"""The one door to the outside: what is not published is neither shown nor saved."""

from cakra_analysis.privacy.door import publish
from cakra_analysis.privacy.key import (
    Key,
    describe_key,
    drop_key,
    find_key_file,
    make_key,
    read_key,
)
from cakra_analysis.privacy.masking import mask_text
from cakra_analysis.privacy.pseudonyms import PSEUDONYM, pseudonymise
from cakra_analysis.privacy.published import Published
from cakra_analysis.privacy.restored import restore
from cakra_analysis.privacy.withheld import read_withheld

__all__ = [
    "PSEUDONYM",
    "Key",
    "Published",
    "describe_key",
    "drop_key",
    "find_key_file",
    "make_key",
    "mask_text",
    "pseudonymise",
    "publish",
    "read_key",
    "read_withheld",
    "restore",
]

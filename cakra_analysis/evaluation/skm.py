"""What the SKM survey of PermenPANRB 14/2017 consists of: nine elements, four categories."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import pandas as pd

from cakra_analysis.errors import AnalysisError


class Element(NamedTuple):
    """What one element of the survey is called."""

    code: str
    name_id: str
    name_en: str


# By name, never by place: regulation and model form number complaints and facilities differently.
ELEMENTS = {
    "requirements": Element("U1", "Persyaratan", "Requirements"),
    "procedure": Element("U2", "Sistem, mekanisme, dan prosedur", "Procedure"),
    "time": Element("U3", "Waktu penyelesaian", "Completion time"),
    "cost": Element("U4", "Biaya/tarif", "Cost"),
    "product": Element("U5", "Produk spesifikasi jenis pelayanan", "Service product"),
    "competence": Element("U6", "Kompetensi pelaksana", "Staff competence"),
    "behaviour": Element("U7", "Perilaku pelaksana", "Staff behaviour"),
    "complaints": Element("U8", "Penanganan pengaduan, saran, dan masukan", "Complaint handling"),
    "facilities": Element("U9", "Sarana dan prasarana", "Facilities"),
}
CATEGORIES = (("A", "88.31"), ("B", "76.61"), ("C", "65.00"), ("D", "24.75"))  # 24.75: weight 0.11
QUALITY = {
    "A": {"id": "Sangat Baik", "en": "Very Good"},
    "B": {"id": "Baik", "en": "Good"},
    "C": {"id": "Kurang Baik", "en": "Poor"},
    "D": {"id": "Tidak Baik", "en": "Bad"},
}


def categorise_ikm(value: float) -> str | None:
    """Return the official category (mutu pelayanan) of an index.

    Parameters
    ----------
    value : float
        IKM, 25-100.

    Returns
    -------
    str or None
        A (Sangat Baik), B (Baik), C (Kurang Baik), D (Tidak Baik); None for a missing value.

    Raises
    ------
    AnalysisError
        When the value is no index on 25-100, for instance still on 1-4.

    Notes
    -----
    Rounded half up to two decimals, then A from 88.31, B from 76.61, C from 65.00. *Not* the table
    of KEP/25/M.PAN/2/2004, which many sheets still use. PermenPANRB 14/2017. Pinned by
    ``tests/test_evaluation_service.py``.

    Examples
    --------
    >>> [categorise_ikm(v) for v in (64.99, 65.0, 76.6, 76.605, 88.3, 88.31)]
    ['D', 'C', 'C', 'B', 'B', 'A']
    """
    if pd.isna(value):
        return None
    # The nearest decimal to nine places first: 76.605 is 76.60499999999999 in binary.
    exact = Decimal(repr(round(float(value), 9))).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if not Decimal("24.75") <= exact <= 100:
        raise AnalysisError(f"{value} is no IKM.", allowed="An IKM is between 25 and 100.")
    return next(name for name, limit in CATEGORIES if exact >= Decimal(limit))

"""From any delivered file to one flat, all-text Parquet file: `land` is the only door."""

from xinheng.intake.reading.landing import Landed, land, read_headers

__all__ = ["Landed", "land", "read_headers"]

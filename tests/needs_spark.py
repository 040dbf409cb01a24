"""The mark of tests that need Spark: skipped where Java or pyspark is missing, unless CI insists on having them."""

import os

import pytest

from xinheng.engines.opening import missing_for_spark

needs_spark = pytest.mark.skipif(
    bool(missing_for_spark()) and "XINHENG_REQUIRE_SPARK" not in os.environ,
    reason=f"SPARK WAS NOT TRIED: this machine has no{missing_for_spark()}; install Java 17 and xinheng[spark]",
)

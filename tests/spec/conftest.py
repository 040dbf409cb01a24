"""What was not tried is said aloud: a skipped engine must not look like a passed one."""

import pytest

SPARK_TESTS = "test_spark.py"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if SPARK_TESTS in report.nodeid]
    if skipped:
        terminalreporter.write_sep("!", f"SPARK WAS NOT TRIED: {len(skipped)} tests skipped", red=True, bold=True)
        terminalreporter.write_line(str(skipped[0].longrepr[-1]))

"""What was not tried is said aloud: a skipped engine must not look like a passed one."""

import pytest

NOT_TRIED = "SPARK WAS NOT TRIED"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = [str(report.longrepr[-1]) for report in terminalreporter.stats.get("skipped", [])]
    untried = [reason for reason in reasons if NOT_TRIED in reason]
    if untried:
        terminalreporter.write_sep("!", f"{NOT_TRIED}: {len(untried)} tests skipped", red=True, bold=True)
        terminalreporter.write_line(untried[0])

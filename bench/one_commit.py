"""The check service with a group, and so a commit, for each call: what grouping is held against."""

from xinheng.site.boot import boot

boot()

from xinheng.checks.service import CheckService  # noqa: E402 - its models need Django to be set up

application = CheckService(largest=1)

"""The check service as an ASGI application for granian, beside the website or behind the same proxy."""

from xinheng.site.boot import boot

boot()

from xinheng.checks.service import CheckService  # noqa: E402 - its models need Django to be set up

application = CheckService()

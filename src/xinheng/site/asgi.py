"""The website and the check service as one ASGI application for granian: what `xinheng serve` runs by itself."""

import os
from typing import Any, cast

from xinheng.site.boot import boot

boot()

# E402 from here on: Django must be set up before anything is imported that has models.
from a2wsgi import WSGIMiddleware  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

from xinheng.checks.service import CheckService  # noqa: E402
from xinheng.site.one_port import OnePort  # noqa: E402

# Both speak the protocols; their types spell them differently.
_site: Any = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=2 * (os.cpu_count() or 1))
application = OnePort(checks=CheckService(), site=_site)

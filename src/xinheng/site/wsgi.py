"""The WSGI application for granian or any other server."""

from django.core.wsgi import get_wsgi_application

from xinheng.site.boot import boot

boot()
application = get_wsgi_application()

"""All addresses of the site, each door under its own prefix, and the pages for what goes wrong."""

from django.urls import URLPattern, URLResolver, include, path

from xinheng.site import errors
from xinheng.site.display import set_display
from xinheng.site.styleguide import styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("display", set_display, name="display"),
    path("desk/styleguide", styleguide, name="styleguide"),
    path("desk/", include("xinheng.desk.urls")),
    path("centre/", include("xinheng.centre.urls")),
    path("api/v1/", include("xinheng.api.urls")),
    path("", include("xinheng.portal.urls")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error

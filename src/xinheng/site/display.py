"""Large text and high contrast: two cookies set by plain form buttons, so that no script is needed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

LARGE_TEXT, HIGH_CONTRAST = "large_text", "high_contrast"
ONE_YEAR = 365 * 24 * 3600


# Without a token on purpose: a forged request could at most enlarge somebody's letters, and public pages
# then need no cookie at all.
@csrf_exempt
@require_POST
def set_display(request: HttpRequest) -> HttpResponse:
    """Switch what the pressed button names, and go back to the page it was pressed on."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    for name in (LARGE_TEXT, HIGH_CONTRAST):
        wanted = request.POST.get(name)
        if wanted == "1":
            response.set_cookie(name, "1", max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
        elif wanted == "0":
            response.delete_cookie(name, samesite="Lax")
    return response

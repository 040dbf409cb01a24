"""`/api/v1`: public queries, and what departments' programs may do."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.types import DictStrAny

from xinheng.api import checking, following, matching, measures, public, special, submitting
from xinheng.api.access import CLIENT_RATE, PUBLIC_RATE, ClientRate, ClientSecret, PublicRate, ScreeningSecret
from xinheng.api.problems import MEDIA_TYPE, problem, register_handlers

VERSION = "1.0.0"
DESCRIPTION = (
    "公共信用信息平台接口。公开查询只回答单位、只回答今天仍在公示的信息；报送需要部门接口程序的密钥。"
    "错误一律为 application/problem+json。"
)


class Api(NinjaAPI):
    """NinjaAPI whose schema says that errors are problems, and that corrections are workbooks."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: DictStrAny | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    _set_media_type(operation["operationId"], int(status), response)
        return schema


def _set_media_type(operation: str, status: int, response: DictStrAny) -> None:
    if status >= HTTPStatus.BAD_REQUEST:
        response["content"] = {MEDIA_TYPE: next(iter(response["content"].values()))}
    elif operation.endswith("corrections"):
        response["content"] = {submitting.XLSX: {"schema": {"type": "string", "format": "binary"}}}
    elif operation.endswith("check_file_result"):
        response["content"] = {checking.CSV: {"schema": {"type": "string", "format": "binary"}}}


def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address below `/api/v1` that is none of ours."""
    return problem(HTTPStatus.NOT_FOUND)


def _api() -> Api:
    api = Api(title="信衡接口", version=VERSION, description=DESCRIPTION, docs_url=None, urls_namespace="api-v1")
    register_handlers(api)
    api.add_router("", public.router, throttle=PublicRate(PUBLIC_RATE))
    api.add_router("", measures.router, throttle=PublicRate(PUBLIC_RATE))
    api.add_router("", following.feed_router, throttle=PublicRate(PUBLIC_RATE))
    api.add_router("", following.router, auth=ClientSecret(), throttle=ClientRate(CLIENT_RATE))
    api.add_router("", submitting.router, auth=ClientSecret(), throttle=ClientRate(CLIENT_RATE))
    api.add_router("", special.router, auth=ClientSecret(), throttle=ClientRate(CLIENT_RATE))
    api.add_router("", checking.router, auth=ClientSecret(), throttle=ClientRate(CLIENT_RATE))
    api.add_router("", matching.router, auth=[ClientSecret(), ScreeningSecret()], throttle=ClientRate(CLIENT_RATE))
    api.add_router("", checking.public_router, throttle=PublicRate(PUBLIC_RATE))
    return api


urlpatterns = [path("", _api().urls), path("<path:rest>", unknown)]

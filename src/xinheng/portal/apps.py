from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "xinheng.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

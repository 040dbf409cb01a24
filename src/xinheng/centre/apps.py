from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "xinheng.centre"
    label = "centre"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class ProceedingsConfig(AppConfig):
    name = "xinheng.proceedings"
    label = "proceedings"
    default_auto_field = "django.db.models.BigAutoField"

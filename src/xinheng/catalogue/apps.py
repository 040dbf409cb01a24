from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "xinheng.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

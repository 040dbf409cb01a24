from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "xinheng.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"

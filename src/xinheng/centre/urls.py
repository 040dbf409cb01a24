"""Addresses of the organisation centre."""

from django.urls import path

from xinheng.centre.views import archive, box, consents, entering, users

app_name = "centre"

urlpatterns = [
    path("", archive.home, name="home"),
    path("readers", archive.readers, name="readers"),
    path("messages", box.messages, name="messages"),
    path("messages/<int:id>", box.open_message, name="message"),
    path("consents", consents.consent_list, name="consents"),
    path("consents/<int:id>/withdraw", consents.withdraw, name="withdraw_consent"),
    path("users", users.user_list, name="users"),
    path("users/invite", users.invite, name="invite"),
    path("users/change", users.change, name="change_users"),
    path("login", entering.login, name="login"),
    path("logout", entering.logout, name="logout"),
    path("register", entering.register, name="register"),
    path("bind", entering.bind, name="bind"),
    path("switch", entering.switch, name="switch"),
    path("password", entering.password, name="password"),
]

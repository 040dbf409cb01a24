"""Addresses of the organisation centre."""

from django.urls import path

from xinheng.centre.views import archive, box, cases, consents, declarations, entering, single_sign_on, training, users

app_name = "centre"

urlpatterns = [
    path("", archive.home, name="home"),
    path("readers", archive.readers, name="readers"),
    path("messages", box.messages, name="messages"),
    path("messages/<int:id>", box.open_message, name="message"),
    path("cases", cases.case_list, name="cases"),
    path("cases/new/<slug:procedure>/<str:ref>", cases.new_case, name="new_case"),
    path("cases/new/<slug:procedure>", cases.new_case, name="new_open_case"),
    path("cases/<int:id>", cases.case, name="case"),
    path("cases/<int:id>/steps/<slug:event>", cases.take_step, name="case_step"),
    path("cases/<int:id>/files", cases.add_files, name="case_files"),
    path("cases/<int:id>/files/<slug:what>/<int:file>", cases.download, name="case_file"),
    path("declarations", declarations.declaration_list, name="declarations"),
    path("declarations/new/<slug:key>", declarations.declare, name="declare"),
    path("declarations/<int:id>/change", declarations.change, name="change_declaration"),
    path("training", training.training_page, name="training"),
    path("training/<int:id>/book", training.book, name="training_book"),
    path("training/<int:id>/give-up", training.give_up, name="training_give_up"),
    path("training/materials/<int:id>", training.download_material, name="training_material"),
    path("training/certificates/<int:id>", training.download_certificate, name="training_certificate"),
    path("consents", consents.consent_list, name="consents"),
    path("consents/requests/<int:id>", consents.answer, name="answer_consent"),
    path("consents/<int:id>/withdraw", consents.withdraw, name="withdraw_consent"),
    path("users", users.user_list, name="users"),
    path("users/invite", users.invite, name="invite"),
    path("users/change", users.change, name="change_users"),
    path("resume", entering.resume, name="resume"),
    path("login", entering.login, name="login"),
    path("login/sign-on", single_sign_on.start, name="sign_on"),
    path("login/signed-on", single_sign_on.signed_on, name="signed_on"),
    path("recover", entering.recover, name="recover"),
    path("logout", entering.logout, name="logout"),
    path("register", entering.register, name="register"),
    path("bind", entering.bind, name="bind"),
    path("switch", entering.switch, name="switch"),
    path("password", entering.password, name="password"),
]

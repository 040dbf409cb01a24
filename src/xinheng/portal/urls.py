"""Addresses of the public site."""

from django.urls import path

from xinheng.portal.views import (
    catalogue,
    checks,
    home,
    law,
    measures,
    organisation,
    publicity,
    reports,
    rights,
    search,
    statistics,
    texts,
)

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("search", search.search, name="search"),
    path("organisations/<str:key>", organisation.organisation, name="organisation"),
    path("records/<str:ref>", organisation.record, name="record"),
    path("records/<str:ref>/why", organisation.why, name="why"),
    path("publicity", publicity.index, name="publicity"),
    path("publicity/<slug:record_type>", publicity.listing, name="publicity_list"),
    path("catalogue", catalogue.index, name="catalogue"),
    path("catalogue.xlsx", catalogue.workbook, name="catalogue_xlsx"),
    path("catalogue/<slug:key>", catalogue.contract, name="contract"),
    path("law", law.index, name="law"),
    path("law/<slug:key>", law.text, name="law_text"),
    path("measures", measures.index, name="measures"),
    path("measures.xlsx", measures.workbook, name="measures_xlsx"),
    path("measures/<slug:edition>/<slug:key>", measures.measure, name="measure"),
    path("lists", measures.lists, name="lists"),
    path("lists/<slug:key>", measures.one_list, name="one_list"),
    path("memoranda", measures.memoranda, name="memoranda"),
    path("checks/verify", checks.verify, name="check_verify"),
    path("checks/verify/<str:number>", checks.verify_code, name="check_code"),
    path("reports/verify", reports.verify, name="report_verify"),
    path("reports/verify/<str:ref>", reports.verify_code, name="report_code"),
    path("rights", rights.rights, name="rights"),
    path("objection", rights.objection, name="objection"),
    path("repair", rights.repair, name="repair"),
    path("cases", rights.progress, name="progress"),
    path("statistics", statistics.statistics, name="statistics"),
    path("statistics/<slug:name>.svg", statistics.chart, name="chart"),
    path("policies", texts.policies, name="policies"),
    path("education", texts.education, name="education"),
]

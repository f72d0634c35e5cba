"""Addresses of the pages of support, and of the drafts that this side's forms keep."""

from django.urls import include, path

from casewall.safety.support.circumstances import views as living
from casewall.safety.support.closing import views as closing
from casewall.safety.support.views import caseload, groups, plans, work

urlpatterns = [
    path("partners/<uuid:pk>/close/", closing.close, name="close-file"),
    path("partners/<uuid:pk>/open-again/", closing.open_again, name="open-file-again"),
    path("partners/<uuid:pk>/support/needs/", plans.needs, name="support-needs"),
    path(
        "partners/<uuid:pk>/support/circumstances/",
        living.circumstances,
        name="support-circumstances",
    ),
    path("partners/<uuid:pk>/support/plan/", plans.support_plan, name="support-plan"),
    path("partners/<uuid:pk>/support/step/", plans.step, name="support-step"),
    path("support/steps/<uuid:pk>/end/", plans.end_step, name="support-step-end"),
    path("partners/<uuid:pk>/support/expects/", plans.expectation, name="support-expectation"),
    path("partners/<uuid:pk>/support/begin/", plans.begin, name="support-begin"),
    path("support/periods/<uuid:pk>/extend/", plans.extend, name="support-extend"),
    path("support/periods/<uuid:pk>/end/", plans.end, name="support-end"),
    path("partners/<uuid:pk>/safety-plan/", plans.safety_plan, name="safety-plan"),
    path("partners/<uuid:pk>/safety-plan/copy/", plans.hand_over, name="safety-plan-copy"),
    path(
        "partners/<uuid:pk>/safety-plan/print/", plans.print_safety_plan, name="safety-plan-print"
    ),
    path("partners/<uuid:pk>/support/session/", work.session, name="support-session"),
    path("support/sessions/<uuid:pk>/correct/", work.correct, name="support-session-correct"),
    path("partners/<uuid:pk>/support/interpreter/", work.interpreter, name="support-interpreter"),
    path("partners/<uuid:pk>/support/referral/", work.onward, name="support-referral"),
    path("support/referrals/<uuid:pk>/outcome/", work.settle, name="support-referral-settle"),
    path("partners/<uuid:pk>/support/permission/", work.permission, name="support-permission"),
    path("support/permissions/<uuid:pk>/revoke/", work.revoke, name="support-permission-revoke"),
    path("support/groups/", groups.groups, name="support-groups"),
    path("support/groups/new/", groups.new, name="support-group-new"),
    path("support/groups/<uuid:pk>/", groups.group, name="support-group"),
    path("support/groups/<uuid:pk>/meeting/", groups.meeting, name="support-meeting-new"),
    path("support/groups/<uuid:pk>/member/", groups.member, name="support-member"),
    path("support/groups/<uuid:pk>/close/", groups.close, name="support-group-close"),
    path("support/places/<uuid:pk>/leave/", groups.leave, name="support-place-leave"),
    path("support/meetings/<uuid:pk>/", groups.register, name="support-meeting"),
    path("support/meetings/<uuid:pk>/cancel/", groups.cancel, name="support-meeting-cancel"),
    path("support/caseload/", caseload.caseload, name="support-caseload"),
    path("", include("casewall.drafts.urls")),
]

"""Addresses of the pages about children."""

from django.urls import path

from casewall.safety.children.views import child, family, groups, lists, referring, telling, work

urlpatterns = [
    path("children/", lists.child_list, name="children"),
    path("children/counts/", lists.child_counts, name="children-counts"),
    path("children/new/", family.new_alone, name="child-new-alone"),
    path("children/groups/", groups.group_list, name="child-groups"),
    path("children/groups/new/", groups.new_group, name="child-group-new"),
    path("children/groups/<uuid:pk>/", groups.group_page, name="child-group"),
    path("children/groups/<uuid:pk>/join/", groups.join, name="child-group-join"),
    path("children/groups/<uuid:pk>/session/", groups.group_session, name="child-group-session"),
    path("children/places/<uuid:pk>/leave/", groups.leave, name="child-group-leave"),
    path("children/adults/<uuid:pk>/", family.arrangement, name="child-arrangement"),
    path("children/adults/<uuid:pk>/end/", family.end_adult, name="child-adult-end"),
    path("children/referrals/<uuid:pk>/", referring.outcome, name="child-referral-outcome"),
    path("children/goals/<uuid:pk>/", work.goal_state, name="child-goal-state"),
    path("children/support/<uuid:pk>/take/", child.take, name="child-take"),
    path("children/support/<uuid:pk>/give/", work.allocate, name="child-allocate"),
    path("children/support/<uuid:pk>/consent/", work.consent, name="child-consent"),
    path("children/support/<uuid:pk>/begin/", work.begin, name="child-begin"),
    path("children/support/<uuid:pk>/end/", work.end, name="child-end"),
    path("children/support/<uuid:pk>/goal/", work.goal, name="child-goal"),
    path("children/support/<uuid:pk>/session/", work.session, name="child-session"),
    path("children/<uuid:pk>/", child.child_page, name="child"),
    path("children/<uuid:pk>/edit/", family.edit, name="child-edit"),
    path("children/<uuid:pk>/adult/", family.new_adult, name="child-adult-new"),
    path("children/<uuid:pk>/plan/", family.plan, name="child-plan"),
    path("children/<uuid:pk>/same/", family.same, name="child-same"),
    path("children/<uuid:pk>/safeguarding/", referring.safeguarding, name="child-safeguarding"),
    path("children/<uuid:pk>/disclose/", telling.ask_for, name="child-disclose"),
    path("children/<uuid:pk>/emergency/", telling.emergency, name="child-emergency"),
    path("children/<uuid:pk>/support/", child.ask, name="child-ask"),
    path("partners/<uuid:pk>/children/new/", family.new_on_file, name="child-new"),
    path("partners/<uuid:pk>/children/link/", family.link_on_file, name="child-link"),
    path("partners/<uuid:pk>/children/asked/", family.asked, name="children-asked"),
]

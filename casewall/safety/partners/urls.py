"""Addresses of partner support."""

from django.urls import path

from casewall.safety.partners.views import contact, files, links, opening, scales, stated, told

urlpatterns = [
    path("partners/", files.partner_list, name="partners"),
    path("partners/open/", opening.open_file_page, name="open-file"),
    path("partners/stated/<uuid:pk>/", stated.stated, name="stated-partner"),
    path("partners/<uuid:pk>/", files.partner_page, name="partner"),
    path("partners/<uuid:pk>/take/", files.take, name="take-file"),
    path("partners/<uuid:pk>/details/", files.reveal, name="reveal-details"),
    path("partners/<uuid:pk>/tasks/<uuid:task>/", files.finish, name="finish-task"),
    path("partners/<uuid:pk>/contact/", contact.contact, name="record-contact"),
    path(
        "partners/<uuid:pk>/safe-contact/<str:channel>/", contact.safe_contact, name="safe-contact"
    ),
    path("partners/<uuid:pk>/scales/", scales.choose, name="choose-scale"),
    path("partners/<uuid:pk>/scales/<str:measure>/", scales.scale, name="scale"),
    path("partners/<uuid:pk>/scales/<str:measure>/silence/", scales.silence, name="scale-silence"),
    path("partners/<uuid:pk>/link/", links.link, name="link-file"),
    path("partners/<uuid:pk>/links/<uuid:link>/", links.file_link, name="file-link"),
    path("partners/<uuid:pk>/links/<uuid:link>/end/", links.unlink, name="end-link"),
    path("partners/<uuid:pk>/reopen/", files.reopen, name="reopen-file"),
    path("partners/<uuid:pk>/told/", told.told, name="told"),
    path("partners/<uuid:pk>/attempts/", told.attempts, name="attempts"),
]

"""Addresses of the pages about appointments and rooms."""

from django.urls import path

from casewall.safety.bookings import views

urlpatterns = [
    path("appointments/", views.week, name="appointments"),
    path("appointments/group/", views.book_group, name="book-group"),
    path("appointments/rooms/", views.rooms, name="safe-rooms"),
    path("appointments/rooms/<uuid:pk>/close/", views.close_room, name="safe-room-close"),
    path("appointments/<uuid:pk>/", views.booking, name="booking"),
    path("appointments/<uuid:pk>/move/", views.move, name="booking-move"),
    path("appointments/<uuid:pk>/settle/", views.settle, name="booking-settle"),
    path("partners/<uuid:pk>/book/", views.book, name="book"),
    path("children/<uuid:pk>/book/", views.book_child, name="book-child"),
    path("children/groups/<uuid:pk>/book/", views.book_children, name="book-children"),
]

"""No pages: for processes that serve none."""

urlpatterns: list[object] = []

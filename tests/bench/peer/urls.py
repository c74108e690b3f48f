"""Routes of the peer."""

from django.urls import path

from peer.views import BareFiling, EqualFiling, OwnList

urlpatterns = [
    path("bare", BareFiling.as_view()),
    path("equal", EqualFiling.as_view()),
    path("list", OwnList.as_view()),
]

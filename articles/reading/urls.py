from django.urls import path

from .views import ReadingView

urlpatterns = [path("<str:token>/", ReadingView.as_view(), name="reading")]

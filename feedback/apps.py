from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "留言"

    def ready(self) -> None:
        from . import registrations

        registrations.register()

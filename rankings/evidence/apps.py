from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "rankings.evidence"
    label = "evidence"
    verbose_name = "存证"

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "alliance_tracker.audit"
    label = "audit"

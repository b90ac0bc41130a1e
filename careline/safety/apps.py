from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "careline.safety"
    verbose_name = "Safety"

    def ready(self) -> None:
        """Have every safety pack checked before it is stored."""
        # Imported here: models must be ready before the pack loader can be imported.
        from careline.content.packs.validators import register_validator
        from careline.safety import rules_source, validation

        register_validator(rules_source.PACK, validation.findings)

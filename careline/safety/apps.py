from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "careline.safety"
    verbose_name = "Safety"

    def ready(self) -> None:
        """Have packs checked before they are stored, and what was signed of the rules kept."""
        # Imported here: models must be ready before the pack loader can be imported.
        from careline.content.packs.validators import (
            register_cases_validator,
            register_rules_keeper,
            register_validator,
        )
        from careline.safety import actions, pack_cases, rules_source, validation

        register_validator(rules_source.PACK, validation.findings)
        register_rules_keeper(rules_source.PACK, actions.carry_over)
        register_cases_validator(pack_cases.findings)

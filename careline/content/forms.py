"""What supervisors fill in on the reviewers' competencies."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careline.accounts.actions import Training
from careline.accounts.models import Staff
from careline.content.models import Topic
from careline.core import clock


class StaffField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody of the staff, told from others of the same name by the sign-in name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the shown name with the sign-in name."""
        return f"{obj.own_name} ({obj.get_username()})"


class CompetencyForm(forms.Form):
    """Who is trained for what, until when."""

    staff = StaffField(
        Staff.objects.filter(is_active=True).order_by("username"),
        label=gettext_lazy("Member of staff"),
    )
    topic = forms.ModelChoiceField(
        Topic.objects.all(),
        label=gettext_lazy("Topic"),
        required=False,
        empty_label=gettext_lazy("Every topic"),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    certified_until = forms.DateField(
        label=gettext_lazy("Certified until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_certified_until(self) -> dt.date:
        """Refuse a day that has passed."""
        day: dt.date = self.cleaned_data["certified_until"]
        if day < clock.today():
            raise ValidationError(_("Choose a day from today on."))
        return day

    def training(self) -> Training:
        """Return the valid form's content."""
        topic = self.cleaned_data["topic"]
        return Training(
            topic.pk if topic else "",
            self.cleaned_data["language"],
            self.cleaned_data["certified_until"],
        )

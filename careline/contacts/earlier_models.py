"""That a visitor let us see an earlier contact of theirs, by giving its code."""

from django.db import models


class EarlierContact(models.Model):
    """One contact may be read by who serves another; it goes with the words of either."""

    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, related_name="earlier_links"
    )
    earlier = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, related_name="later_links"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "earlier"], name="one_link_to_an_earlier_contact"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} after {self.earlier_id}"

"""What admins do to accounts, and people to their own. Each is one transaction with its audit event."""

from django.core.exceptions import ValidationError

from alliance_tracker.accounts.models import User


def check_an_admin_stays(*, without: User) -> None:
    """Refuse to lose the last active administrator. Call it inside the transaction that would."""
    others = list(User.objects.select_for_update().filter(is_active=True, is_admin=True).order_by("pk"))
    if without in others and len(others) == 1:
        raise ValidationError("This is the last administrator. Make someone else an administrator first.")

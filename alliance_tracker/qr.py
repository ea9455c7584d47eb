"""QR codes, drawn as part of the page."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(address: str) -> SafeString:
    """Draw an address as a QR code. Its colours are in the style sheet; it is hidden from screen readers."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        omitsize=True, border=4, svgclass="qr__code", lineclass="qr__ink"
    )
    return mark_safe(drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S308 - path data only

"""The tag that shows the lines above a page."""

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from casewall.pages.above import lines_of

register = template.Library()


@register.simple_tag(takes_context=True)
def above_page(context: Any) -> SafeString:
    """What the apps of this side want to stand above this page."""
    return format_html_join("", "{}", ((line,) for line in lines_of(context)))

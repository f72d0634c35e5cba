"""Draws Django's forms with the templates in `templates/gds/`."""

from django.forms.renderers import TemplatesSetting
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template

DJANGO_WIDGETS = "django/forms/widgets/"
OWN_WIDGETS = "gds/widgets/"


class Gds(TemplatesSetting):
    """`FORM_RENDERER`: forms, fields and widgets in GOV.UK Frontend's markup.

    A widget is looked for in `gds/widgets/` first and in Django's own folder otherwise, so a
    widget that we never drew still appears, plain.
    """

    form_template_name = "gds/form.html"
    formset_template_name = "gds/formset.html"
    field_template_name = "gds/field.html"

    def get_template(self, template_name: str):
        if template_name.startswith(DJANGO_WIDGETS):
            own = OWN_WIDGETS + template_name.removeprefix(DJANGO_WIDGETS)
            try:
                return get_template(own)
            except TemplateDoesNotExist:
                pass
        return get_template(template_name)

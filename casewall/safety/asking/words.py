"""Codes of this app in the words and colours that pages show."""

from __future__ import annotations

from casewall.measures.definitions import load as load_measure
from casewall.measures.over_time import title_of
from casewall.safety.asking.rules import Device, Standing, measures_of

LANGUAGES = {"en": "English", "da": "Danish", "ar": "Arabic"}
DEVICES = {
    Device.OWN_DEVICE: "The partner's own device, or one that the partner trusts",
    Device.AGENCY_TABLET: "A tablet of the agency",
}
STANDINGS = {
    Standing.WAITING: ("Not used yet", "grey"),
    Standing.BEGUN: ("Begun", "blue"),
    Standing.FINISHED: ("Finished", "green"),
    Standing.CLOSED: ("Closed by a worker", "grey"),
    Standing.ENDED: ("Ended", "yellow"),
}


def titles_of(form: str) -> str:
    """The measures of a form by their English titles."""
    return ", ".join(title_of(load_measure(name)) for name in measures_of(form))

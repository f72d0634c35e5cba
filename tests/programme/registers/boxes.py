"""What stands in the boxes of a page's forms, as a browser would post it."""

from __future__ import annotations

from html.parser import HTMLParser


class _Boxes(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._in_form = 0
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        name, value = own.get("name") or "", own.get("value") or ""
        if tag == "form" and own.get("method") == "post" and not own.get("action"):
            self._in_form += 1
        elif not self._in_form:
            return
        elif tag == "input" and own.get("type") in ("radio", "checkbox"):
            if "checked" in own:
                self.found[name] = value
        elif tag == "input":
            self.found[name] = value
        elif tag == "select":
            self._select = name
            self.found[name] = ""
        elif tag == "option" and "selected" in own:
            self.found[self._select] = value
        elif tag == "textarea":
            self._text = name
            self.found[name] = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.found[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = max(0, self._in_form - 1)
        if tag == "textarea":
            self.found[self._text] = self.found[self._text].strip()
            self._text = ""


def boxes_of(page: str) -> dict[str, str]:
    """Name → value of everything that the forms of this page would send."""
    boxes = _Boxes()
    boxes.feed(page)
    boxes.close()
    return {name: value for name, value in boxes.found.items()
            if name and name != "csrfmiddlewaretoken"}

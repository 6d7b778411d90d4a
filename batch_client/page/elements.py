"""HTML as a tree: whatever it is given is text, however hostile."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

Inside = Element | str


def element(tag: str, *inside: Inside, **attributes: str) -> Element:
    """An element; ``class_`` and ``aria_label`` are attributes that Python can't spell."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    made = Element(tag, named)
    for each in inside:
        if isinstance(each, Element):
            made.append(each)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + each
        else:
            made.text = (made.text or "") + each
    return made


def table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[Inside]]) -> Element:
    """A table that is scrolled by itself where it is wide."""
    head = element("tr", *(element("th", each, scope="col") for each in heads))
    body = (element("tr", *(element("td", each) for each in row)) for row in rows)
    told = element("caption", caption, class_="hidden")
    whole = element("table", told, element("thead", head), element("tbody", *body))
    return element("div", whole, class_="scroll")


def state(word: str) -> Element:
    """A state in its service's own word, coloured."""
    return element("span", word, class_=f"state {tone(word)}")


def tone(word: str) -> str:
    """The class that colours a state."""
    tones = {"good": _GOOD, "bad": _BAD, "still": _STILL}
    return next((tone for tone, words in tones.items() if word.lower() in words), "busy")


_GOOD = {"completed", "succeeded", "landed", "taken"}
_BAD = {"failed", "timedout", "canceled", "cancelled", "aborted", "given up"}
_STILL = {"skipped", "refused", "missing", "not reached"}


def document(title: str, *content: Inside) -> bytes:
    """A whole page."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{title} | batch-events"),
        element("link", rel="stylesheet", href="/page.css"),
        element("script", src="/page.js", defer="defer"),
    )
    skip = element("a", "To the content", class_="skip", href="#main")
    files = element("nav", element("a", "Files", href="/"), aria_label="Views")
    header = element("header", element("strong", "batch-events"), files)
    main = element("main", element("h1", title), *content, id="main")
    whole = element("html", head, element("body", skip, header, main), lang="en")
    return b"<!doctype html>" + tostring(whole, "unicode", "html").encode(errors="replace")

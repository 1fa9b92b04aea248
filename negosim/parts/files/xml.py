"""XML from strangers: parsed without entities, of bounded size and depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat

from negosim.core.errors import BadValue

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_BYTES = 5_000_000
"""Size in bytes above which a file of another program is refused; their largest are about 200 kB."""
DEEPEST = 20
"""Nesting of elements above which XML is refused; GENIUS uses five levels."""


def parsed(content: bytes, what: str) -> Element:
    """The root element. ``what`` names the file in errors.

    Raises BadValue for a file that is too large or too deep, that is not well-formed, or that declares a
    document type: declarations can define entities, which can be made to fill the memory or to read
    other files, and no file of a negotiation needs them.
    """
    check_size(content, what)
    parser, tree = expat.ParserCreate(), TreeBuilder()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise BadValue(f"{what}: elements are nested deeper than {DEEPEST} levels; it was not read")
        tree.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        tree.end(tag)

    def declares(*_: object) -> NoReturn:
        raise BadValue(f"{what}: it declares a document type or entities, which can be misused; remove the declaration")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = tree.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = declares
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BadValue(f"{what}: it is no well-formed XML: {error}") from None
    return tree.close()


def check_size(content: bytes, what: str) -> None:
    """Raise BadValue when a file is larger than ``MOST_BYTES``."""
    if len(content) > MOST_BYTES:
        raise BadValue(f"{what}: {len(content):,} bytes; at most {MOST_BYTES:,} are read")

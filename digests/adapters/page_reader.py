"""An article's text out of its page: the only home of trafilatura, which a child imports with the first page that it reads."""

from digests.adapters.children import Children, within_limits
from digests.ports import PageDocument, PageFailure

# This module is imported in the children too: whatever it imports, each of them holds in memory.

_LONGEST_TEXT = 100_000  # characters


class PageText:
    """Reads pages in children."""

    def __init__(self, children: Children) -> None:
        self._children = children

    async def read(self, document: PageDocument) -> str | PageFailure:
        """What kills its child is a failure of this page."""
        answer = await self._children.read(extract, document.body, document.content_type, document.url)
        return PageFailure(reason=answer) if isinstance(answer, str) else answer[0]


def extract(body: bytes, content_type: str, url: str) -> tuple[str] | str:
    """A page's text, or a sentence why there is none. Runs in a child: it may take time, memory and the process."""
    import trafilatura  # noqa: F401  before the page's time runs, as it is slow the first time

    return within_limits(lambda: _extracted(body, content_type, url))


def _extracted(body: bytes, content_type: str, url: str) -> tuple[str] | str:
    import trafilatura

    try:
        text = trafilatura.extract(
            _decoded(body, content_type), url=url, include_comments=False, include_tables=False, favor_precision=True
        )
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 hostile pages raise anything from inside libxml2 and trafilatura
        return f"No text can be found in it ({type(error).__name__})."
    # Lone surrogates can neither be stored nor sent.
    clean = (text or "")[:_LONGEST_TEXT].encode("utf-8", "ignore").decode()
    return (clean,) if clean.strip() else "It holds no text of an article."


def _decoded(body: bytes, content_type: str) -> str | bytes:
    """The page as its server says that it is encoded; where it says nothing, trafilatura finds out."""
    charset = content_type.lower().partition("charset=")[2].partition(";")[0].strip("\"' ")
    try:
        return body.decode(charset)
    except (LookupError, UnicodeError, ValueError):
        return body

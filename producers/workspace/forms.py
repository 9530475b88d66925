"""Forms as browsers post them: read up to a limit, believed only from a page of the session, not lost to their writer (R8)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from producers.api.problems import Problem
from producers.workspace.sessions import Session

FILES_LIMIT, FIELDS_LIMIT, MANY = 20, 200, 1000
STRANGERS_LIMIT = 2_000_000  # of who is not signed in only words are of interest
PATIENCE = 4  # how many times the limit is still listened to, so that the browser hears the answer
WORDS = {"text": "Text", "subject": "Subject", "signature": "Signature", "reason": "Reason"}
OURS_ALONE = ("csrf", *WORDS)


@dataclass(frozen=True, slots=True)
class Kept:
    """What comes back to its writer: words to be seen, everything else unseen, and the names of files, which do not."""

    words: list[tuple[str, str, str]]
    unseen: list[tuple[str, str]]
    files: list[str]


async def posted(request: Request, session: Session, limit: int) -> FormData:
    """The form; raises `Problem` 403 where it does not come from a page of this session, 413 where it is too large."""
    form = await read(request, limit)
    given = request.headers.get("x-csrf") or form.get("csrf", "")
    if isinstance(given, UploadFile) or not session.allows(given) or from_elsewhere(request):
        raise Problem(403, "csrf", "This form is not from a page of your present session; open the page again.")
    return form


async def read(request: Request, limit: int) -> FormData:
    """The form; what was understood of it is on the request also where this raises `Problem`."""
    body = _Bounded(request, limit)
    parser = _parser(request, body.chunks(), limit)
    try:
        request.state.form = await parser.parse() if parser is not None else FormData()
    except MultiPartException as error:
        request.state.form = FormData(getattr(parser, "items", []))
        raise Problem(400, "malformed", error.message) from None
    if body.left < 0:
        raise Problem(413, "too_large", f"Together this is more than {limit / 1_000_000:g} MB.")
    if len(_files(request.state.form)) > FILES_LIMIT:
        raise Problem(413, "too_large", f"A form takes {FILES_LIMIT} files at a time; attach the others afterwards.")
    found: FormData = request.state.form
    return found


def kept(request: Request) -> Kept | None:
    """None where nobody wrote anything, or where another site may have written it."""
    form = getattr(request.state, "form", None)
    if form is None or not _surely_ours(request) or not any(form.get(name) for name in WORDS):
        return None
    said = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    words = [(name, WORDS[name], value) for name, value in said if name in WORDS]
    return Kept(words, [each for each in said if each[0] not in OURS_ALONE], _files(form))


def from_elsewhere(request: Request) -> bool:
    """Whether the browser says that another site sent it here."""
    return request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


def _surely_ours(request: Request) -> bool:
    """The same, where the browser is too old to say so."""
    origin = request.headers.get("origin")
    told = "sec-fetch-site" in request.headers or origin is None
    return not from_elsewhere(request) and (told or urlsplit(str(origin)).netloc == request.headers.get("host"))


def _parser(request: Request, chunks: AsyncGenerator[bytes, None], limit: int) -> MultiPartParser | FormParser | None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return MultiPartParser(request.headers, chunks, max_files=MANY, max_fields=FIELDS_LIMIT, max_part_size=limit)
    if kind == "application/x-www-form-urlencoded":
        return FormParser(request.headers, chunks, max_fields=FIELDS_LIMIT, max_part_size=limit)
    return None


def _files(form: FormData) -> list[str]:
    found = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    return [each.filename for each in found if each.filename]


class _Bounded:
    """A body up to its limit; what is beyond is heard and forgotten."""

    def __init__(self, request: Request, limit: int) -> None:
        self._request, self._limit, self.left = request, limit, limit

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        async for chunk in self._request.stream():
            if self.left > 0:
                yield chunk[: self.left]
            self.left -= len(chunk)
            if self.left < -PATIENCE * self._limit:
                return

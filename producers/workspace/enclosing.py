"""Files on their way into a mail: their bytes are kept first, under their digest, and what is answered is the reference (R29)."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from models.commands import Attachment
from models.errors import Rejected
from models.queries import mails
from models.store import keep_blob
from producers.workspace.desk import Visit
from producers.workspace.harmless import SHOWN
from producers.workspace.pages import HEADERS


async def receive(visit: Visit) -> Response:
    """One file; the browser tells its progress and puts the answer among the draft's attachments."""
    upload = visit.form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Rejected("malformed", "No file came with this request.", field="file")
    found = await kept(visit, upload)
    return JSONResponse(found.model_dump(mode="json") | {"size": upload.size or 0}, 201, HEADERS)


async def kept(visit: Visit, upload: UploadFile) -> Attachment:
    """The reference, once the bytes are safe."""
    data = await upload.read()
    digest = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
    media_type = (upload.content_type or "").partition(";")[0].strip()
    name = "".join(c for c in upload.filename or "file" if c.isprintable())[-200:]
    try:
        found = Attachment(blob=digest, name=name, media_type=media_type or "application/octet-stream")
    except ValueError:
        found = Attachment(blob=digest, name=name)
    await visit.door.rows(lambda: _keep(visit, digest, data, found.media_type))
    return found


async def picture(visit: Visit) -> Response:
    """A picture inside a draft, for the editor; nothing but the plain kinds of pictures, which hold no program."""
    blob = await visit.door.rows(lambda: mails.blob(visit.path("sha256")))
    if blob.media_type not in SHOWN:
        raise Rejected("not_found", "This is no picture that can be shown.")
    headers: Any = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, max-age=3600"}
    return Response(bytes(blob.data), 200, headers | {"X-Content-Type-Options": "nosniff"}, blob.media_type)


def _keep(visit: Visit, digest: str, data: bytes, media_type: str) -> None:
    with visit.deps.store.transaction():
        keep_blob(visit.deps.store, digest, data, media_type, visit.deps.clock.now())

"""Documents that only an office program reads: .doc, .wps, .rtf, .odt. LibreOffice makes .docx of them, antiword DocBook."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from limen.domain.document import PageText
from limen.domain.issue import Issue, IssueKind, Severity
from limen.nlp.errors import Unreadable
from limen.nlp.text.archive import check_archive
from limen.nlp.text.docbook import read_docbook
from limen.nlp.text.docx import read_docx
from limen.nlp.text.raw_page import RawPage
from limen.nlp.text.tools import MAX_OUTPUT, ToolFailed, find_tool, run_tool

SECONDS = 45.0

_OLE = b"\xd0\xcf\x11\xe0"
_INSTALL_OFFICE = "install LibreOffice (apt-get install --no-install-recommends libreoffice-writer-nogui)"
_INSTALL = {True: f"{_INSTALL_OFFICE} or antiword (apt-get install antiword)", False: _INSTALL_OFFICE}
_BY_HAND = "convert it to .docx by hand"
# No macro runs, and nothing that the document links to is fetched.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_NOWHERE = "http://127.0.0.1:9"


def read_old_word(page: RawPage) -> PageText:
    """Return the text of a Word 97 or WPS document, RTF or OpenDocument text.

    LibreOffice keeps most of the structure and goes first; antiword reads .doc and .wps where it is missing or fails,
    and loses automatic numbers, which is an issue.

    Raises:
        Unreadable: neither program is on this machine (the message says how to install them), or neither can read it.
    """
    if page.body.startswith(b"PK"):
        check_archive(page.body, name=page.name)
    is_ole = page.body.startswith(_OLE)
    office, antiword = find_tool("soffice"), find_tool("antiword") if is_ole else None
    if office is None and antiword is None:
        raise Unreadable(
            page.name, "is a document that takes an office program to read, and none is installed", _INSTALL[is_ole]
        )
    troubles = []
    if office is not None:
        try:
            return read_docx(replace(page, body=_as_docx(office, page.body)))
        except (ToolFailed, Unreadable) as error:
            troubles.append(error.why if isinstance(error, Unreadable) else str(error))
    if antiword is not None:
        try:
            made = read_docbook(run_tool([antiword, "-x", "db", "-"], body=page.body, seconds=SECONDS), name=page.name)
        except (ToolFailed, Unreadable) as error:
            troubles.append(error.why if isinstance(error, Unreadable) else str(error))
        else:
            return replace(made, issues=(*made.issues, _rough(page.name, is_office=office is not None)))
    remedy = _BY_HAND if office is not None else f"{_INSTALL_OFFICE}, or {_BY_HAND}"
    raise Unreadable(page.name, f"the document cannot be read: {'; '.join(troubles)}", remedy)


def _as_docx(office: str, body: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="limen-office-") as folder:
        place = Path(folder)
        profile = place / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        (place / "in.doc").write_bytes(body)
        run_tool(
            [
                office,
                f"-env:UserInstallation={(place / 'profile').as_uri()}",
                *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--convert-to", "docx"),
                *("--outdir", str(place / "out"), str(place / "in.doc")),
            ],
            seconds=SECONDS,
            environment={"HOME": folder, "http_proxy": _NOWHERE, "https_proxy": _NOWHERE, "all_proxy": _NOWHERE},
        )
        made = place / "out" / "in.docx"
        if not made.exists():
            # LibreOffice ends without an error when it does not know the format.
            raise ToolFailed("soffice made no .docx of it")
        if made.stat().st_size >= MAX_OUTPUT:
            raise ToolFailed(f"soffice made more than {MAX_OUTPUT >> 20} MiB of it")
        return made.read_bytes()


def _rough(name: str, *, is_office: bool) -> Issue:
    advice = "" if is_office else f"; for all of it {_INSTALL_OFFICE}"
    message = f"{name}: was read by antiword, which leaves out automatic numbers and merged cells{advice}"
    return Issue(kind=IssueKind.UNREADABLE, severity=Severity.INFO, message=message)

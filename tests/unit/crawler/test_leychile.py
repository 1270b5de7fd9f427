"""Norms of Ley Chile: their address, their version, and answers that are none."""

from __future__ import annotations

import pytest

from limen.crawler.errors import PageError
from limen.crawler.pages.leychile import read_norm_hints, watched_norm
from limen.domain.snapshot import Hints

SERVICE = "https://www.leychile.cl/Consulta/obtxml"


def norm(*, repealed: str = "no derogado", version: str = ' fechaVersion="2024-01-31"') -> str:
    return (
        f'<Norma xmlns="http://www.leychile.cl/esquemas" normaId="900001" derogado="{repealed}"{version} SchemaVersion="1.0">'
        '<Identificador fechaPublicacion="1983-10-14"><TiposNumeros><TipoNumero><Tipo>Ley</Tipo><Numero>90001</Numero>'
        "</TipoNumero></TiposNumeros></Identificador><Metadatos><TituloNorma>CÓDIGO DE\n MUESTRAS</TituloNorma></Metadatos>"
        '<EstructurasFuncionales><EstructuraFuncional tipoParte="Artículo" derogado="derogado"><Texto>Artículo 1°.- Ñandú.'
        "</Texto></EstructuraFuncional></EstructurasFuncionales></Norma>"
    )


def read(body: bytes) -> Hints:
    return read_norm_hints(body, url=SERVICE, hints=Hints(), zone="America/Santiago")


def test_a_watched_norm() -> None:
    found = watched_norm("29668", service=SERVICE)
    assert found.url == f"{SERVICE}?opt=7&idNorma=29668"
    assert found.document_url == "https://www.bcn.cl/leychile/navegar?idNorma=29668"
    assert watched_norm("1", service=f"{SERVICE}?notaPIE=1").url == f"{SERVICE}?notaPIE=1&opt=7&idNorma=1"


@pytest.mark.parametrize("number", ["Ley 18.248", "", "２９"])
def test_what_is_no_number_of_a_norm(number: str) -> None:
    with pytest.raises(PageError, match="is no idNorma; write the number"):
        watched_norm(number, service=SERVICE)


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ("", "iso-8859-1"),
        ('<?xml version="1.0"?>', "iso-8859-1"),
        ('<?xml version="1.0" encoding="utf-8"?>', "iso-8859-1"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "iso-8859-1"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "utf-8"),
        ("\ufeff", "utf-8"),
    ],
)
def test_a_norm_however_it_is_encoded(declaration: str, encoding: str) -> None:
    found = read(f"{declaration}{norm()}".encode(encoding))
    assert (found.title, found.references, found.status) == ("CÓDIGO DE MUESTRAS", ("Ley 90001",), None)
    assert found.published is not None
    assert found.published.isoformat() == "2024-01-31T00:00:00-03:00"


def test_a_repealed_norm_says_so() -> None:
    assert read(norm(repealed="derogado").encode()).status == "repealed"


def test_a_norm_without_a_version_is_of_its_publication() -> None:
    found = read(norm(version="").encode())
    assert found.published is not None
    assert found.published.date().isoformat() == "1983-10-14"


@pytest.mark.parametrize("body", [b"", b"\n", b"<html><body>Request blocked.</body></html>", b"<error/>", b"{}"])
def test_a_refusal_is_no_norm(body: bytes) -> None:
    with pytest.raises(PageError, match="expected a norm of Ley Chile as XML"):
        read(body)

"""Watched norms of Ley Chile, over the wire."""

from __future__ import annotations

from .local_site import LocalSite
from .test_crawl import Crawler, crawler, site  # noqa: F401 - two are fixtures

PATH = "/Consulta/obtxml?opt=7&idNorma=900001"
NORM = """<Norma xmlns="http://www.leychile.cl/esquemas" normaId="900001" derogado="{repealed}" fechaVersion="{day}">
<Metadatos><TituloNorma>CÓDIGO DE MUESTRAS</TituloNorma></Metadatos><EstructurasFuncionales>
<EstructuraFuncional tipoParte="Artículo" idParte="1"><Texto>Artículo 1°.- Ñandú.</Texto></EstructuraFuncional>
</EstructurasFuncionales></Norma>"""


def put_norm(site: LocalSite, *, day: str, repealed: str = "no derogado") -> None:  # noqa: F811
    site.put(PATH, NORM.format(day=day, repealed=repealed).encode("iso-8859-1"), content_type="text/xml")


def test_a_watched_norm_and_its_next_version(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_norm(site, day="2020-01-31")
    crawler.add("cl", "leychile", site.url("/Consulta/obtxml"), extra='watch = ["900001"]')
    [(first, body)] = crawler.run("cl").ledger.fetches
    assert (first.url, body) == ("https://www.bcn.cl/leychile/navegar?idNorma=900001", site.pages[PATH].body)
    assert (first.hints.title, first.hints.status) == ("CÓDIGO DE MUESTRAS", None)
    put_norm(site, day="2024-02-01", repealed="derogado")
    [_, (second, _)] = crawler.run("cl").ledger.fetches
    assert (second.url, second.hints.status) == (first.url, "repealed")
    assert second.hints.published is not None
    assert second.hints.published.date().isoformat() == "2024-02-01"


def test_a_tiny_page_with_a_good_status_is_a_refusal(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put(PATH, "<html>no</html>")
    crawler.add("cl", "leychile", site.url("/Consulta/obtxml"), extra='watch = ["900001"]\n[blocks]\nmin_bytes = 200')
    crawl = crawler.run("cl")
    assert (crawl.ledger.fetches, len(crawl.ledger.issues)) == ([], 1)

from __future__ import annotations

import pytest

from limen.nlp.errors import Unreadable
from limen.nlp.text.reader import read_page
from limen.nlp.text.xml_lines import set_paragraphs


def _text(markup: str) -> str:
    return read_page(f'<?xml version="1.0" encoding="UTF-8"?>\n{markup}'.encode(), name="rule.xml").text


class TestJusticeLaws:
    def test_provisions_keep_their_numbers_and_places(self) -> None:
        text = _text(
            "<Regulation><Identification><LongTitle>Mine Water</LongTitle></Identification><Body>"
            "<Heading level='1'><Label>PART 1</Label>"
            "<TitleText>Limits</TitleText></Heading><Section><Label>4</Label><Subsection><Label>"
            "(1)</Label><Text>A mine may deposit"
            " effluent if</Text><Paragraph><Label>(a)</Label><Text>its flow is below 50 m<Sup>"
            "3</Sup> per day and</Text><Subparagraph>"
            "<Label>(i)</Label><Text>its <DefinedTermEn>pH</DefinedTermEn> is 6.0 or more.</Text>"
            "</Subparagraph></Paragraph></Subsection>"
            "<HistoricalNote><HistoricalNoteSubItem>SOR/2018-99, s. 4</HistoricalNoteSubItem></HistoricalNote></Section></Body>"
            "<RelatedOrNotInForce><Section><Label>9</Label><Text>not yet 0.05 mg/L</Text></Section>"
            "</RelatedOrNotInForce></Regulation>"
        )
        assert text == (
            "Mine Water\n\n## PART 1 Limits\n\n4 (1) A mine may deposit effluent if\n\n"
            "(a) its flow is below 50 m³ per day and\n    (i) its pH is 6.0 or more."
        )

    def test_tables_keep_all_their_cells_and_heads(self) -> None:
        text = _text(
            "<Schedule><ScheduleFormHeading><Label>SCHEDULE 4</Label><OriginatingRef>"
            "(Section 4)</OriginatingRef><TitleText>Limits</TitleText>"
            "</ScheduleFormHeading><TableGroup><table><tgroup cols='3'><colspec colname='1'/>"
            "<colspec colname='2'/><colspec colname='3'/><thead>"
            "<row><entry morerows='1'>Item</entry><entry namest='2' nameend='3'>Maximum</entry>"
            "</row><row><entry>Mean</entry><entry>Grab</entry>"
            "</row></thead><tbody><row><entry>1</entry><entry><Provision><Text>0.10 mg/L</Text>"
            "<Provision><Label>(a)</Label><Text>dry</Text>"
            "</Provision></Provision></entry><entry>0.20 mg/L</entry></row></tbody></tgroup></table></TableGroup></Schedule>"
        )
        assert text.splitlines() == [
            "## SCHEDULE 4 Limits",
            "",
            "(Section 4)",
            "",
            "| Item | Maximum Mean | Maximum Grab |",
            "| --- | --- | --- |",
            "| 1 | 0.10 mg/L (a) dry | 0.20 mg/L |",
        ]

    def test_limits_that_are_not_in_force_are_no_text(self) -> None:
        def schedule(limit: str) -> str:
            return (
                "<Schedule><ScheduleFormHeading><Label>SCHEDULE 4</Label></ScheduleFormHeading><table><tgroup cols='2'><tbody>"
                f"<row><entry>Nickel</entry><entry>{limit} mg/L</entry></row></tbody></tgroup></table>%s</Schedule>"
            )

        future = f"<RelatedOrNotInForce>{schedule('0.25') % ''}</RelatedOrNotInForce>"
        text = _text(f"<Regulation>{schedule('0.50') % future}{future}</Regulation>")
        assert text.splitlines() == ["## SCHEDULE 4", "", "| Nickel | 0.50 mg/L |", "| --- | --- |"]


class TestGovernmentPublishingOffice:
    def test_federal_register(self) -> None:
        text = _text(
            "<RULE><PREAMB><SUBJECT>Dust Limits</SUBJECT><SUM><HD SOURCE='HED'>SUMMARY:</HD><P>"
            "We\n  set a limit<SU>1</SU>\n <FTREF/>\n for CO\n"
            " <E T='52'>2</E>\n  emissions of 5 <E T='03'>tons</E>\n .</P></SUM></PREAMB><FTNT><P>"
            "<SU>1</SU> See 81 FR 42491.</P></FTNT>"
            "<PRTPAGE P='9765'/><SECTION><SECTNO>§ 85.5</SECTNO><SUBJECT>Penalties.</SUBJECT><STARS/><P>(a) Text.</P></SECTION>"
            "<BILCOD>BILLING CODE 4410</BILCOD></RULE>"
        )
        assert text.split("\n\n") == [
            "## Dust Limits",
            "### SUMMARY:",
            "We set a limit [1] for CO2 emissions of 5 tons.",
            "[1] See 81 FR 42491.",
            "##### § 85.5 Penalties.",
            "* * * * *",
            "(a) Text.",
        ]

    def test_gpo_tables_with_heads_on_two_levels(self) -> None:
        text = _text(
            "<GPOTABLE COLS='3'><TTITLE>Table 1</TTITLE><BOXHD><CHED H='1'>Statute</CHED>"
            "<CHED H='1'>Penalty<LI>($)</LI></CHED><CHED H='2'>2023"
            "</CHED><CHED H='2'>2024</CHED></BOXHD><ROW><ENT>ATF</ENT></ROW><ROW><ENT>"
            "18 U.S.C. 922</ENT><ENT>10,226</ENT><ENT>10,557</ENT></ROW>"
            "<ROW><ENT>both</ENT><ENT A='01'>5</ENT></ROW><TNOTE><SU>1</SU> Maximum.</TNOTE></GPOTABLE>"
        )
        assert text.splitlines() == [
            "Table 1",
            "",
            "| Statute | Penalty ($) 2023 | Penalty ($) 2024 |",
            "| --- | --- | --- |",
            "| ATF |  |  |",
            "| 18 U.S.C. 922 | 10,226 | 10,557 |",
            "| both | 5 | 5 |",
            "",
            "[1] Maximum.",
        ]

    def test_code_of_federal_regulations(self) -> None:
        text = _text(
            "<ECFR><DIV5 N='2'><HEAD>PART 2—LIMITS</HEAD><AUTH><HED>Authority:</HED><PSPACE>"
            "44 U.S.C. 1506.</PSPACE></AUTH><DIV8 N='§ 2.1'>"
            "<HEAD>§ 2.1   Scope.</HEAD><P><I>Dust</I> of 5 mg/m<E T='51'>3</E>.</P><CITA>"
            "[37 FR 23603]</CITA></DIV8></DIV5></ECFR>"
        )
        assert text.split("\n\n") == [
            "##### PART 2—LIMITS",
            "Authority: 44 U.S.C. 1506.",
            "###### § 2.1 Scope.",
            "Dust of 5 mg/m³.",
        ]


def test_clml_with_an_xhtml_table() -> None:
    text = _text(
        "<Legislation xmlns='http://www.legislation.gov.uk/namespaces/legislation' xmlns:h='http://www.w3.org/1999/xhtml'><Body><Part>"
        "<Number>PART 2</Number><Title>Limits</Title><P1group><Title>Control</Title><P1><Pnumber>"
        "4</Pnumber><P1para><P2><Pnumber>1</Pnumber>"
        "<P2para><Text>Asbestos of <CommentaryRef Ref='c1'/>0.1 f/cm<Superior>3</Superior>—</Text>"
        "<P3><Pnumber>a</Pnumber><P3para><Text>in air."
        "</Text></P3para></P3></P2para></P2></P1para></P1></P1group></Part><h:table><h:tr><h:th>Fibre</h:th><h:th>Limit</h:th></h:tr><h:tr>"
        "<h:td>all</h:td><h:td>0.1</h:td></h:tr></h:table></Body><Commentaries><Commentary>words</Commentary></Commentaries></Legislation>"
    )
    assert text == (
        "## PART 2 Limits\n\n## Control\n\n4 1 Asbestos of 0.1 f/cm³—\n\na in air.\n\n| Fibre | "
        "Limit |\n| --- | --- |\n| all | 0.1 |"
    ).replace("a in air", "- a in air")


def test_unknown_xml_is_read_block_by_block() -> None:
    assert (
        _text("<norm><texto>Uno</texto><art><num>1</num><p>at most <b>5</b> mg/L</p></art></norm>")
        == "Uno\n\n1\n\nat most 5 mg/L"
    )


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        (
            "<R><Identification><ShortTitle>Short</ShortTitle><LongTitle>Long</LongTitle></Identification><P>x</P></R>",
            "Long",
        ),
        ("<RULE><PREAMB><SUBJECT>Dust</SUBJECT></PREAMB></RULE>", "Dust"),
        ("<x><P>text</P></x>", None),
    ],
)
def test_title(markup: str, title: str | None) -> None:
    assert read_page(markup.encode(), name="a.xml").title == title


class TestBadInput:
    @pytest.mark.parametrize(
        "root", ["rss", "feed", "urlset", "rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"]
    )
    def test_a_feed_says_that_it_is_one(self, root: str) -> None:
        with pytest.raises(Unreadable, match=r"list of documents.*limen source add"):
            _text(f"<{root}><item/></{root.split()[0]}>")

    def test_named_entities_of_html_are_characters(self) -> None:
        assert _text("<P>&ge;&nbsp;5 &amp; &lt;7</P>") == "≥\u00a05 & <7"

    def test_laughing_entities_are_not_expanded(self) -> None:
        levels = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
        with pytest.raises(Unreadable, match="declares entities of its own"):
            _text(f"<!DOCTYPE x [<!ENTITY l0 'ha'>{levels}]><x><P>&l11;</P></x>")

    def test_nothing_outside_of_the_file_is_read(self) -> None:
        with pytest.raises(Unreadable, match="declares entities"):
            _text("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><x><P>&e;</P></x>")

    @pytest.mark.parametrize("markup", ["<a><P>5 t</P>", "<a><b></a></b>", "<P>" * 400 + "5 t" + "</P>" * 400])
    def test_broken_xml_is_refused_and_not_read_in_part(self, markup: str) -> None:
        with pytest.raises(Unreadable, match=r"rule\.xml: the XML is not well-formed"):
            _text(markup)

    def test_declared_encodings_and_wrong_ones(self) -> None:
        body = '<?xml version="1.0" encoding="gb2312"?><P>能量密度不低于165Wh/kg</P>'
        assert read_page(body.encode("gb18030"), name="a.xml").text == "能量密度不低于165Wh/kg"
        assert read_page(body.encode(), name="a.xml", charset="us-ascii").text == "能量密度不低于165Wh/kg"


_NORM = """<Norma xmlns="http://www.leychile.cl/esquemas" normaId="900001" fechaVersion="2024-03-01" derogado="no derogado">
<Identificador fechaPromulgacion="2020-01-02">
<TiposNumeros><TipoNumero><Tipo>Ley</Tipo><Numero>90001</Numero></TipoNumero></TiposNumeros>
<Organismos><Organismo>Ministerio</Organismo></Organismos></Identificador>
<Metadatos>
<TituloNorma>LÍMITES PARA RELAVES\nMINEROS</TituloNorma>
<Materias><Materia>Relaves</Materia></Materias><NumeroFuente>42.000</NumeroFuente></Metadatos>
<Encabezado><Texto>     La autoridad ha dado
su aprobación.</Texto></Encabezado>
<EstructurasFuncionales><EstructuraFuncional tipoParte="Título" idParte="1">
<Texto>TÍTULO I
     Del agua</Texto><Metadatos>
<NombreParte presente="si">I</NombreParte>
<TituloParte presente="si">Del agua</TituloParte></Metadatos>
<EstructurasFuncionales>
<EstructuraFuncional tipoParte="Artículo" idParte="2"><Texto>     Artículo 1°.- El arsénico no podrá                 LEY 90002
superar 0,05 mg/L en la                                Art. 2
descarga:                                              D.O. 05.02.2022
a) en el año seco, y
b) a -5 °C, hasta
-2 °C.
     El agua tendrá pH 6,0 a 9,0.      12      15<aem:ArchivoBinario xmlns:aem="http://valida.aem.gob.cl">
<aem:Nombre>x.jpg</aem:Nombre>
<aem:DataCodificada>QUJD 99 mg</aem:DataCodificada></aem:ArchivoBinario>
Después de la imagen.</Texto><Metadatos><NombreParte presente="si">1</NombreParte></Metadatos>
</EstructuraFuncional></EstructurasFuncionales></EstructuraFuncional></EstructurasFuncionales>
<Promulgacion><Texto>Publíquese.</Texto></Promulgacion>
<Anexos><Anexo idParte="3">
<Metadatos><Titulo>ANEXO A</Titulo></Metadatos><Texto>Método de ensayo</Texto></Anexo></Anexos></Norma>"""


class TestLeyChile:
    _EXPECTED = (
        "La autoridad ha dado su aprobación.",
        "### TÍTULO I Del agua",
        "Artículo 1°.- El arsénico no podrá superar 0,05 mg/L en la descarga:",
        "a) en el año seco, y",
        "b) a -5 °C, hasta -2 °C.",
        "El agua tendrá pH 6,0 a 9,0. 12 15",
        "Después de la imagen.",
        "Publíquese.",
        "### ANEXO A",
        "Método de ensayo",
    )

    @pytest.mark.parametrize(
        ("declaration", "encoding", "charset"),
        [
            ('<?xml version="1.0"?>', "iso-8859-1", None),
            ("", "iso-8859-1", "iso-8859-1"),
            ('<?xml version="1.0" encoding="ISO-8859-1"?>', "iso-8859-1", None),
            ('<?xml version="1.0" encoding="UTF-8"?>', "iso-8859-1", "utf-8"),
            ('<?xml version="1.0" encoding="UTF-8"?>', "utf-8", "iso-8859-1"),
        ],
    )
    def test_a_norm_in_the_order_of_its_parts(self, declaration: str, encoding: str, charset: str | None) -> None:
        page = read_page(f"{declaration}\n{_NORM}".encode(encoding), name="obtxml", charset=charset)
        assert tuple(page.text.split("\n\n")) == self._EXPECTED
        assert page.title == "LÍMITES PARA RELAVES MINEROS"

    def test_a_packed_picture_is_an_issue_and_no_text(self) -> None:
        page = read_page(_NORM.encode(), name="obtxml")
        assert "QUJD" not in page.text
        assert ["1 files packed into the XML" in issue.message for issue in page.issues] == [True]

    @pytest.mark.parametrize(
        "line", ["Arsénico        0,05", "Cobre      Art. 5 del reglamento", "texto     LEY 90002"]
    )
    def test_what_is_no_note_in_the_margin_stays(self, line: str) -> None:
        assert set_paragraphs(line) == (" ".join(line.split()),)

    def test_long_runs_of_blanks_and_figures_cost_no_time(self) -> None:
        line = "LEY " + "1" * 50 + "x" + " " * 200_000 + "LEY " + "1" * 50 + "x"
        assert len(set_paragraphs(line)) == 1

from __future__ import annotations

import pytest

from limen.nlp.errors import Unreadable
from limen.nlp.text.reader import read_page


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

"""Web pages of the shapes that ministries, gazettes and the trade press use."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from limen.domain.document import PageText
from limen.domain.issue import IssueKind
from limen.nlp.errors import Unreadable
from limen.nlp.structure import parse
from limen.nlp.structure.blocks import BlockKind
from limen.nlp.text.reader import read_page
from tests.unit.nlp.text.samples import html

_NAV = f"<header><nav><ul>{''.join(f'<li><a href=/{n}>Section {n}</a></li>' for n in range(9))}</ul></nav></header>"
_WIDGET = "<div class='td-weather'>24.3 C</div><div>Belgrade</div><div>09/09/2024</div>"
_PROSE = (
    "<p>The ministry published its new conditions for the makers of battery cells after a long consultation.</p>" * 4
)


def _read(body: str, *, head: str = "", timezone: str = "UTC") -> PageText:
    return read_page(html(body, head=head), name="https://example.org/a.html", timezone=timezone)


def _text(body: str) -> str:
    return _read(body).text


class TestMainText:
    def test_menus_widgets_sharing_and_related_posts_stay_out(self) -> None:
        page = _read(
            f"{_NAV}<div id=top>{_WIDGET}</div><div class='wrap'><div class='post'><h1>Cells</h1>"
            f"<div class='views'>1,234 views</div>"
            f"{_PROSE}<p>At least 230 Wh/kg.</p><div class='post-share'>Share 77 times</div>"
            "<div class='related-posts'><h3><a href=/x>"
            "Copper rises 2 % to $9,800 a tonne on the exchange</a></h3></div></div></div>"
            "<aside>Nickel quota cut by 30 percent</aside><footer>© 2024, 11000 Belgrade</footer>"
        )
        assert "At least 230 Wh/kg." in page.text
        for stranger in ("24.3", "09/09/2024", "1,234", "77", "9,800", "30 percent", "11000", "Section 3"):
            assert stranger not in page.text

    def test_nothing_of_the_document_is_lost_between_its_paragraphs(self) -> None:
        text = _text(
            f"{_NAV}<div class=a><div class=b>{_PROSE}<ul><li>5 t</li><li>7 t</li></ul><div>short 3 %</div>"
            f"<table><tr><th>x<th>y<tr><td>1<td>2</table>{_PROSE.replace('ministry', 'agency')}</div></div>"
        )
        assert "- 5 t\n- 7 t" in text
        assert "short 3 %" in text
        assert "| 1 | 2 |" in text

    @pytest.mark.parametrize(
        "container",
        [
            "<div id='con_con' class='ccontent'>",
            "<div class='TRS_Editor'>",
            "<div class='neiright_JPZ_GK_CP'>",
            "<div class='entry-content'>",
        ],
    )
    def test_known_containers_hold_the_document(self, container: str) -> None:
        page = _read(
            f"{_NAV}<div>信息名称：公告 2026-09-14 浏览次数 88</div>{container}<p>　　单体电池能量密度不低于165Wh/kg。</p>"
            "<div class='bdsharebuttonbox'>分享 3</div></div><div>相关文件 1 2 3</div>"
        )
        assert page.text == "单体电池能量密度不低于165Wh/kg。"

    @pytest.mark.parametrize(
        "body", ["<p>Limit 5 mg/L</p>", "Limit 5 mg/L", "<form><table><tr><td>Limit 5 mg/L</table></form>"]
    )
    def test_a_short_page_is_read_as_a_whole(self, body: str) -> None:
        assert _text(body) == "Limit 5 mg/L"

    def test_a_page_that_is_one_table(self) -> None:
        rows = "".join(f"<tr><td>Substance number {n}<td>{n} mg/L" for n in range(3))
        assert _text(f"<table><tr><th>Substance<th>Limit{rows}</table>").splitlines()[0] == "| Substance | Limit |"

    def test_a_page_without_text_is_an_error_that_says_what_to_do(self) -> None:
        with pytest.raises(Unreadable, match=r"example\.org.*no text.*scripts"):
            _read("<script>app()</script><div id=root></div>")

    def test_scripts_styles_hidden_and_deleted_text_stay_out(self) -> None:
        assert (
            _text(
                "<p>5 t<script>9</script><style>p{}</style><del> 7 t</del><span style='display: none'>8</span></p><p hidden>6"
            )
            == "5 t"
        )

    def test_thousands_of_nested_elements_do_no_harm(self) -> None:
        assert "5 t" in _text("<div>" * 1900 + "<p>5 t of ore in a year is what the permit allows at most.</p>")


class TestInline:
    @pytest.mark.parametrize(
        ("source", "shown"),
        [
            ("30 mg/m<sup>3</sup>", "30 mg/m³"),
            ("5 s<sup>-1</sup>", "5 s⁻¹"),
            ("10<sup>6</sup> cells", "10⁶ cells"),
            ("1.5×10<sup>-6</sup>", "1.5×10⁻⁶"),
            ("10<span class='oj-super'>-6</span>", "10⁻⁶"),
            ("5 km<span style='vertical-align: super'>2</span>", "5 km²"),
            ("PM<sub>2.5</sub> and CO<sub>2</sub>", "PM2.5 and CO2"),
            ("SO<sub>4</sub><sup>2-</sup>", "SO4²⁻"),
            ("<sup>226</sup>Ra", "²²⁶Ra"),
            ("25<sup>o</sup>C", "25°C"),
            ("the 4<sup>th</sup> day", "the 4th day"),
            ("limit of 250<sup>9</sup> mg", "limit of 250 [9] mg"),
            ("0.5<sup>a</sup>", "0.5 [a]"),
            ("lithium<sup>1</sup>", "lithium [1]"),
            ("250<sup><a href='#fn1'>3</a></sup> t", "250 [3] t"),
            ("<a href='#n3'><sup>(3)</sup></a> Note", "[3] Note"),
            ("10<sup>pKa-pH</sup>", "10^(pKa-pH)"),
            ("&ge;&nbsp;165&#160;Wh/kg &lt; 5", "≥\u00a0165\u00a0Wh/kg < 5"),
            ("１６５Ｗｈ／ｋｇ", "１６５Ｗｈ／ｋｇ"),
            ("能量\n  密度\n165", "能量密度 165"),
            ("<font face=Symbol>³</font> 165 Wh/kg", "≥ 165 Wh/kg"),
            ("<span style='font-size:9pt;font-family:Symbol'>£</span>5 m³", "≤5 m³"),
            ("<font face=Arial>5 m³</font>", "5 m³"),
            ("<b>not</b> less <i>than</i>\n 5", "not less than 5"),
            ("16<b>5</b>", "165"),
            ("one<br>two<br><br>three", "one\ntwo\nthree"),
        ],
    )
    def test_numbers_stand_as_the_browser_shows_them(self, source: str, shown: str) -> None:
        assert _text(f"<p>{source}</p>") == shown


class TestLists:
    def test_nesting_and_numbers_stay(self) -> None:
        text = _text("<ol start=3><li>a<ul><li>b<li>c</ul></li><li><p>d</p><p>e 5 t</p></li><li value=9>f</ol>")
        assert text == "3. a\n    - b\n    - c\n4. d\n    e 5 t\n9. f"

    def test_letters_and_own_marks_stay(self) -> None:
        assert _text("<ol type=a><li>x<li>y</ol><ul><li>(1) z<li>• w</ul>") == "(a) x\n(b) y\n(1) z\n• w"

    def test_a_definition_list_pairs_terms_and_values(self) -> None:
        text = _text("<dl><dt>Energy density<dd>165 Wh/kg<dt>寿命：<dd>1000次<dt>Two<dd>a<dd>b</dl>")
        assert text == "- Energy density: 165 Wh/kg\n- 寿命：1000次\n- Two:\n    - a\n    - b"


class TestHeadings:
    @pytest.mark.parametrize(
        ("source", "shown"),
        [
            ("<p><b>Limit values</b></p>", "**Limit values**"),
            ("<p><span style='font-weight: bold'>第三章 能量密度</span></p>", "**第三章 能量密度**"),
            ("<p style='font-weight:700'>2.1 Cells</p>", "**2.1 Cells**"),
            ("<div><strong>Article 5 <em>Water</em></strong></div>", "**Article 5 Water**"),
            ("<div><b><span>一、</span>总体<font>要求</font></b></div>", "**一、总体要求**"),
            # a limit, a sentence, a lead-in, a bold word
            ("<p><b>Arsenic at most 5 mg/L</b></p>", "Arsenic at most 5 mg/L"),
            ("<p><b>The operator shall report.</b></p>", "The operator shall report."),
            ("<p><b>Note:</b></p>", "Note:"),
            ("<p><b>Cells</b> reach it</p>", "Cells reach it"),
            ("<ul><li><b>Cells</b></ul>", "- Cells"),
            ("<dl><dt><b>Cells</b><dd><b>Green</b></dl>", "- Cells: Green"),
            ("<table><tr><td><b>Substance</b><td><p><b>Limit</b></p><tr><td>a<td>b</table>", "| Substance | Limit |"),
            ("<h3>Water</h3>", "### Water"),
            ("<h3><b>Water</b></h3>", "### Water"),
        ],
    )
    def test_letters_that_are_all_bold_make_one(self, source: str, shown: str) -> None:
        assert _text(f"{source}<p>At most 5 mg/L.</p>").startswith(shown + "\n")

    def test_the_classes_of_the_official_journal_make_one(self) -> None:
        page = _read(
            "<div class='eli-main-title'><p class='oj-doc-ti'>REGULATION OF THE BODY</p><p class='oj-doc-ti'>of 12 July"
            "</p><p class='oj-doc-ti'>on cells<br>and packs</p></div><p class='oj-ti-art'>Article 1</p>"
            "<div><p class='oj-sti-art'>Subject matter</p></div><p>Cells reach 16 %.</p>",
            head="<title>L_2030.xml</title>",
        )
        assert page.title == "REGULATION OF THE BODY of 12 July on cells and packs"
        assert page.text == "#### Article 1\n\n##### Subject matter\n\nCells reach 16 %."

    def test_a_break_in_a_title_is_a_blank(self) -> None:
        assert _read("<h1>Draft<br>rule</h1><p>At most 5 mg/L.</p>").title == "Draft rule"

    def test_headings_are_those_of_the_block_model(self) -> None:
        text = _text("<p><b>Water</b></p><p>At most 5 mg/L.</p><p><b>Air</b></p><p>At most 7 mg/L.</p>")
        found = parse(text)
        paths = {
            found.text[block.start : block.end]: [
                found.text[found.blocks[each].body.start : found.blocks[each].body.end] for each in block.headings
            ]
            for block in found.blocks
            if block.kind is BlockKind.PARAGRAPH
        }
        assert paths == {"At most 5 mg/L.": ["Water"], "At most 7 mg/L.": ["Air"]}


class TestTables:
    def test_spans_are_repeated_and_head_rows_joined(self) -> None:
        text = _text(
            "<table><tr><td rowspan=2>类别<td colspan=2>能量密度（Wh/kg）<tr><td>单体<td>电池组"
            "<tr><td>三元<td>&ge;230<td>&ge;165<tr><td>磷酸铁锂<td colspan=2>&ge;160</table>"
        )
        assert text.splitlines() == [
            "| 类别 | 能量密度（Wh/kg） 单体 | 能量密度（Wh/kg） 电池组 |",
            "| --- | --- | --- |",
            "| 三元 | ≥230 | ≥165 |",
            "| 磷酸铁锂 | ≥160 | ≥160 |",
        ]

    def test_captions_headings_breaks_and_bars_in_cells(self) -> None:
        text = _text(
            "<table><caption>Table 1</caption><tr><th><h4>Name</h4><th>Limit<tr><td>a|b<td>5<br>"
            "mg/L<tr><td><p>x</p><p>y</p></table>"
        )
        assert text.splitlines() == [
            "Table 1",
            "",
            "| Name | Limit |",
            "| --- | --- |",
            "| a\\|b | 5 mg/L |",
            "| x y |  |",
        ]

    def test_a_row_over_the_whole_width_is_written_once(self) -> None:
        text = _text(
            "<table><tr><td colspan=3>Metals<tr><th>a<th>b<th>c<tr><td colspan=3>at most 5 mg/L<tr><td>1<td>2<td>3</table>"
        )
        assert text.splitlines()[0] == "Metals"
        assert "| at most 5 mg/L |  |  |" in text

    def test_points_set_in_tables_are_no_tables(self) -> None:
        text = _text(
            "<table><tr><td>(a)<td><p>16 % cobalt;</p><table><tr><td>(i)<td>85 % lead;</table>"
            "</table><table><tr><td>(b)<td>6 % lithium.</table>"
        )
        assert text.split("\n\n") == ["(a) 16 % cobalt;", "(i) 85 % lead;", "(b) 6 % lithium."]

    def test_endless_spans_are_bounded(self) -> None:
        assert _text("<table><tr><td colspan=99999 rowspan=99999>a<td>b<tr><td>c</table>").count("|") < 2000


class TestTitle:
    @pytest.mark.parametrize(
        ("head", "body", "title"),
        [
            ("<meta property='og:title' content='Cells &amp; packs - MiningSEE'>", "", "Cells & packs"),
            ("<meta name='ArticleTitle' content='公开征求意见'><title>工信部</title>", "", "公开征求意见"),
            ("<title>关于征求意见的函_生态环境部</title>", "", "关于征求意见的函"),
            ("<title>Draft rule | Ministry of Mines</title>", "", "Draft rule"),
            ("<title>Site</title>", "<h1>Draft rule</h1>", "Draft rule"),
            (
                "<title>L_2023191EN.xml</title>",
                "<p class='oj-doc-ti'>REGULATION</p><p class='oj-doc-ti'>on batteries</p>",
                "REGULATION on batteries",
            ),
            ("", "", None),
        ],
    )
    def test_the_page_states_it(self, head: str, body: str, title: str | None) -> None:
        assert _read(body + "<p>At most 5 mg/L.</p>", head=head).title == title

    def test_its_repetition_in_the_text_is_left_out(self) -> None:
        assert _text("<div><h1>Draft rule</h1><p>At most 5 mg/L.</p></div>") == "At most 5 mg/L."


class TestPublished:
    @pytest.mark.parametrize(
        ("head", "when"),
        [
            (
                "<meta property='article:published_time' content='2024-05-10T08:15:00+02:00'>",
                datetime(2024, 5, 10, 6, 15, tzinfo=UTC),
            ),
            ("<meta name='PubDate' content='2026-09-14 20:26'>", datetime(2026, 9, 14, 12, 26, tzinfo=UTC)),
            ("<meta name='dc.date' content='2026-09-14'>", datetime(2026, 9, 13, 16, 0, tzinfo=UTC)),
            (
                (
                    '<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": ["NewsArticle"], '
                    '"datePublished": "2024-05-10T08:15:00Z"}]}</script>'
                ),
                datetime(2024, 5, 10, 8, 15, tzinfo=UTC),
            ),
            ("<meta name='PubDate' content='2026-13-14'><meta name='date' content='yesterday'>", None),
            ("<script type='application/ld+json'>{broken</script>", None),
        ],
    )
    def test_the_head_states_it(self, head: str, when: datetime | None) -> None:
        assert _read("<p>At most 5 mg/L.</p>", head=head, timezone="Asia/Shanghai").published == when

    def test_a_marked_time_element_states_it(self) -> None:
        stamp = "<time class='entry-date published' datetime='2024-05-10T08:15:00Z'>10 May</time>"
        page = _read(f"<article>{stamp}<p>At most 5 mg/L.</p></article>")
        assert page.published == datetime(2024, 5, 10, 8, 15, tzinfo=UTC)

    def test_a_visible_date_never_does(self) -> None:
        assert (
            _read(f"{_WIDGET}<p>Belgrade, 9 September 2024</p><span class='date'>2024-09-09</span>{_PROSE}").published
            is None
        )


def test_lost_characters_are_an_issue() -> None:
    page = read_page(
        html("<p>" + "能量密度不低于165Wh/kg。" * 40).replace("密".encode(), b"\xe5\xaf", 1), name="a.html"
    )
    assert [issue.kind for issue in page.issues] == [IssueKind.UNREADABLE]
    assert "1 characters" in page.issues[0].message


def test_a_page_too_deep_to_parse_is_refused_and_not_cut() -> None:
    with pytest.raises(Unreadable, match="2,000 deep"):
        _read("<div>" * 5000 + "<p>5 t of ore</p>")

"""Lists in JSON, in the shapes of real services; the payloads are our own."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from limen.crawler.errors import PageError
from limen.crawler.pages.json_api import JsonList, Turn, ask, next_turn, read_json_api, read_moment
from limen.crawler.source_rules import DeadlineRule, JsonApi
from limen.domain.source import DocumentClass

BRUSSELS, SHANGHAI = ZoneInfo("Europe/Brussels"), ZoneInfo("Asia/Shanghai")


def rules(**table: Any) -> JsonApi:
    return JsonApi.model_validate(table)


def read(
    answer: Any, table: JsonApi, *, zone: str = "UTC", entry: str = "https://api.example/list", **options: Any
) -> JsonList:
    body = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
    return read_json_api(body, url=entry, base=entry, rules=table, zone=zone, **options)


def test_have_your_say() -> None:
    """Initiatives of the European Commission: several states each, of which one takes feedback."""
    answer = {
        "initiativeResultDtoPage": {
            "content": [
                {
                    "id": 15001,
                    "shortTitle": "Recycled content of batteries – method",
                    "reference": "Ares(2026)7001001",
                    "foreseenActType": "REG_DEL",
                    "currentStatuses": [
                        {"isCurrent": False, "frontEndStage": "PLANNING", "feedbackEndDate": "2026/02/01 23:59:59"},
                        {
                            "isCurrent": True,
                            "frontEndStage": "ADOPTION_WORKFLOW",
                            "receivingFeedbackStatus": "OPEN",
                            "feedbackStartDate": "2026/08/28 00:00:00",
                            "feedbackEndDate": "2026/10/23 23:59:59",
                        },
                    ],
                },
                {"id": 15002, "shortTitle": "Export of black mass", "currentStatuses": []},
            ],
            "number": 0,
            "last": True,
        }
    }
    page = "https://ec.europa.eu/info/law/better-regulation/have-your-say/initiatives/{id}_en"
    table = rules(
        items="initiativeResultDtoPage.content",
        page_parameter="page",
        first_page=0,
        max_pages=5,
        document_classes={"REG_DEL": "draft"},
        fields={
            "url": "https://ec.europa.eu/info/law/better-regulation/brpapi/groupInitiatives/{id}",
            "document_url": page,
            "title": "shortTitle",
            "published": "currentStatuses.[isCurrent=true].feedbackStartDate",
            "status": "currentStatuses.[isCurrent=true].receivingFeedbackStatus",
            "references": ["reference"],
            "document_class": "foreseenActType",
        },
    )
    deadline = DeadlineRule(select="currentStatuses.[isCurrent=true].feedbackEndDate")
    found = read(answer, table, zone="Europe/Brussels", deadline=deadline)
    first, second = found.entries
    assert first.url.endswith("/brpapi/groupInitiatives/15001")
    assert first.document_url == page.replace("{id}", "15001")
    assert first.hints.title == "Recycled content of batteries – method"
    assert first.hints.references == ("Ares(2026)7001001",)
    assert first.hints.status == "OPEN"
    assert first.hints.document_class is DocumentClass.DRAFT
    assert first.hints.published == datetime(2026, 8, 28, tzinfo=BRUSSELS)
    assert first.hints.comment_deadline == datetime(2026, 10, 23, 23, 59, 59, tzinfo=BRUSSELS)
    assert (second.hints.comment_deadline, second.hints.published, second.hints.document_class) == (None, None, None)
    assert ask("https://api.example/search?feedbackStatus=OPEN&page=7", rules=table, turn=Turn()) == (
        "https://api.example/search?feedbackStatus=OPEN&page=0",
        None,
    )


def test_the_list_of_gov_cn_is_the_answer_itself() -> None:
    answer = [
        {"TITLE": "关于稀土的<BR>公告", "SUB_TITLE": "", "URL": "./content_1.htm", "DOCRELPUBTIME": "2026-09-14"},
        {"TITLE": "没有地址", "URL": "", "DOCRELPUBTIME": "2026-09-13"},
    ]
    table = rules(fields={"url": "URL", "title": "TITLE", "published": "DOCRELPUBTIME"})
    entry = "https://www.gov.cn/zhengce/zuixin/ZUIXINZHENGCE.json"
    found = read(b"\xef\xbb\xbf" + json.dumps(answer).encode(), table, zone="Asia/Shanghai", entry=entry)
    [only] = found.entries
    assert only.url == "https://www.gov.cn/zhengce/zuixin/content_1.htm"
    assert only.hints.title == "关于稀土的 公告"
    assert only.hints.published == datetime(2026, 9, 14, tzinfo=SHANGHAI)
    assert found.count == 2


def test_flk_is_asked_with_a_body_and_says_whether_it_worked() -> None:
    table = rules(
        method="POST",
        body={"pageNum": "{page}", "pageSize": 20, "sort": ["p{page}", {"from": "{offset}"}]},
        items="rows",
        ok={"code": 200},
        max_pages=3,
        fields={
            "url": "https://flk.npc.gov.cn/law-search/search/flfgDetails?bbbs={bbbs}",
            "document_url": "https://flk.npc.gov.cn/detail?id={bbbs}",
            "title": "title",
            "published": "gbrq",
            "effective_on": "sxrq",
            "status": "sxx",
            "revision": "gbrq",
        },
    )
    answer = {
        "code": 200,
        "msg": "ok",
        "total": 1,
        "rows": [
            {
                "bbbs": "ff80 81&x",
                "title": "中华人民共和国<em>矿产</em>资源法",
                "gbrq": "2024-11-08",
                "sxrq": "2025-07-01",
                "sxx": 3,
            }
        ],
    }
    [entry] = read(answer, table, zone="Asia/Shanghai").entries
    assert entry.url == "https://flk.npc.gov.cn/law-search/search/flfgDetails?bbbs=ff80%2081&x"
    assert entry.hints.title == "中华人民共和国矿产资源法"
    assert entry.hints.effective_on == date(2025, 7, 1)
    assert (entry.hints.status, entry.revision) == ("3", "2024-11-08")
    url, body = ask("https://flk.npc.gov.cn/law-search/search/list", rules=table, turn=Turn(number=2, offset=20))
    assert url == "https://flk.npc.gov.cn/law-search/search/list"
    assert json.loads(body or "") == {"pageNum": 2, "pageSize": 20, "sort": ["p2", {"from": 20}]}
    assert next_turn(Turn(), rules=table, count=20) == Turn(number=2, offset=20)
    with pytest.raises(PageError, match=r"code = '500' where '200' was expected; it says: 系统繁忙"):
        read({"code": 500, "msg": "系统繁忙"}, table)


def test_odata_of_the_australian_register() -> None:
    table = rules(
        items="value",
        next="@odata.nextLink",
        offset_parameter="$skip",
        fields={
            "url": "https://www.legislation.gov.au/{titleId}/latest/text",
            "title": "name",
            "published": "start",
            "revision": "registerId",
        },
    )
    answer = {
        "@odata.context": "https://api.example/v1/$metadata#versions",
        "value": [
            {
                "titleId": "F2026L00100",
                "registerId": "F2026C00007",
                "name": "Offshore Minerals Rules",
                "start": "2026-09-01T09:30:00+10:00",
            }
        ],
        "@odata.nextLink": "https://api.example/v1/versions?$top=1&$skip=1",
    }
    found = read(answer, table, zone="Australia/Sydney")
    assert found.next_url == "https://api.example/v1/versions?$top=1&$skip=1"
    assert found.entries[0].revision == "F2026C00007"
    assert found.entries[0].hints.published == datetime(2026, 8, 31, 23, 30, tzinfo=UTC)
    assert ask("https://api.example/v1/versions?$top=1", rules=table, turn=Turn(number=3, offset=40))[0] == (
        "https://api.example/v1/versions?$top=1&$skip=40"
    )


def test_law_go_kr_gives_a_list_an_object_or_nothing() -> None:
    table = rules(
        items="LawSearch.law",
        may_be_empty=True,
        date_formats=["%Y%m%d"],
        fields={"url": "법령상세링크", "title": "법령명한글", "published": "공포일자", "effective_on": "시행일자"},
    )
    law = {
        "법령명한글": "광업법",
        "법령상세링크": "/DRF/lawService.do?OC=test&MST=1",
        "공포일자": "20260901",
        "시행일자": 20261001,
    }
    entry = "https://www.law.go.kr/DRF/lawSearch.do?OC=test&type=JSON"
    for laws in ([law], law):
        [found] = read({"LawSearch": {"totalCnt": "1", "law": laws}}, table, zone="Asia/Seoul", entry=entry).entries
        assert found.url == "https://www.law.go.kr/DRF/lawService.do?OC=test&MST=1"
        assert found.hints.effective_on == date(2026, 10, 1)
    assert read({"LawSearch": {"totalCnt": "0"}}, table).entries == ()
    with pytest.raises(PageError, match=r"no list at 'LawSearch\.law' and says: 사용자 인증 실패"):
        read({"message": "사용자 인증 실패"}, table.model_copy(update={"may_be_empty": False}))


def test_jdihn_nests_its_items_and_counts_seconds() -> None:
    table = rules(
        items="result.*.documents",
        date_formats=["epoch_s"],
        fields={"url": "url.detail", "title": "judul", "published": "dibuat", "references": ["nomor", "tags"]},
    )
    answer = {
        "result": [
            {
                "documents": [
                    {
                        "judul": "Peraturan tentang nikel",
                        "nomor": "UU 2/2025",
                        "tags": ["UU 2/2025", "Minerba"],
                        "url": {"detail": "dokumen/1"},
                        "dibuat": 1788220800,
                    }
                ]
            },
            {"documents": []},
            {"documents": [{"judul": "Peraturan tentang timah", "url": {"detail": "dokumen/2"}}]},
        ]
    }
    found = read(answer, table, zone="Asia/Jakarta", entry="https://jdihn.example/api/list")
    assert [each.url for each in found.entries] == [
        "https://jdihn.example/api/dokumen/1",
        "https://jdihn.example/api/dokumen/2",
    ]
    assert found.entries[0].hints.published == datetime(2026, 9, 1, tzinfo=UTC)
    assert found.entries[0].hints.references == ("UU 2/2025", "Minerba")


def test_in_gov_br_hides_its_list_in_a_script() -> None:
    items = [{"urlTitle": "portaria-n-7", "title": "PORTARIA Nº 7 &ndash; lítio", "pubDate": "14/09/2026"}]
    page = f'<html><script id="params" type="application/json">{json.dumps({"jsonArray": items})}</script></html>'
    table = rules(
        script="script#params",
        items="jsonArray",
        date_formats=["%d/%m/%Y"],
        fields={"url": "/web/dou/-/{urlTitle}", "title": "title", "published": "pubDate"},
    )
    [entry] = read(page.encode(), table, zone="America/Sao_Paulo", entry="https://www.in.gov.br/leiturajornal").entries
    assert entry.url == "https://www.in.gov.br/web/dou/-/portaria-n-7"
    assert entry.hints.title == "PORTARIA Nº 7 – lítio"
    assert entry.hints.published == datetime(2026, 9, 14, tzinfo=ZoneInfo("America/Sao_Paulo"))


SIMPLE = rules(items="list", fields={"url": "u"})


def test_a_list_that_says_it_is_empty_is_no_fault() -> None:
    assert read({"list": []}, SIMPLE) == JsonList(entries=(), count=0)


@pytest.mark.parametrize(
    ("answer", "table", "message"),
    [
        ({"other": []}, SIMPLE, r"no list at 'list'.*layout has changed"),
        ({"list": None}, SIMPLE, "no list"),
        ({"list": ["x", 1]}, SIMPLE, "no list"),
        ({"list": [{"v": 1}, {"u": "mailto:x@y"}]}, SIMPLE, "none of 2 items has an address at 'u'"),
        ({"list": []}, rules(fields={"url": "u"}), "no list at 'its top'"),
        ([], SIMPLE, "no list at 'list'"),
        (b"<html>sorry</html>", SIMPLE, "an HTML page"),
        (
            {"list": [], "success": False},
            rules(items="list", fields={"url": "u"}, ok={"success": True}),
            "'false' where 'true'",
        ),
        ({"list": []}, rules(items="list", fields={"url": "u"}, ok={"success": True}), "None where 'true'"),
    ],
)
def test_answers_that_are_another_thing(answer: Any, table: JsonApi, message: str) -> None:
    with pytest.raises(PageError, match=message):
        read(answer, table)


def test_truth_may_be_written_as_a_word() -> None:
    table = rules(items="list", fields={"url": "u"}, ok={"success": True, "code": 200})
    assert read({"list": [], "success": "True", "code": "200"}, table).count == 0


@pytest.mark.parametrize(
    ("text", "formats", "expected"),
    [
        ("2026-09-14T10:00:00Z", (), datetime(2026, 9, 14, 10, tzinfo=UTC)),
        ("2026-09-14T10:00:00", (), datetime(2026, 9, 14, 10, tzinfo=BRUSSELS)),
        ("1789380000000", ("epoch_ms",), datetime(2026, 9, 14, 10, tzinfo=UTC)),
        ("1789380000", ("%d.%m.%Y", "epoch_s"), datetime(2026, 9, 14, 10, tzinfo=UTC)),
        ("14.09.2026", ("epoch_s", "%d.%m.%Y"), datetime(2026, 9, 14, tzinfo=BRUSSELS)),
        ("14/09/2026", (), None),
        ("1789380000000", (), None),
        ("soon", ("epoch_ms",), None),
        ("9" * 40, ("epoch_ms",), None),
    ],
)
def test_moments(text: str, formats: tuple[str, ...], expected: datetime | None) -> None:
    assert read_moment(text, formats=formats, zone="Europe/Brussels") == expected


def test_a_deadline_with_a_zone_keeps_it() -> None:
    table = rules(items="list", fields={"url": "u"})
    answer = {"list": [{"u": "/a", "end": "2026-10-04T21:59:59Z"}, {"u": "/b", "end": "2026-10-04"}, {"u": "/c"}]}
    found = read(answer, table, zone="Europe/Brussels", deadline=DeadlineRule(select="end"))
    end = datetime(2026, 10, 4, 23, 59, 59, tzinfo=BRUSSELS)
    assert [each.hints.comment_deadline for each in found.entries] == [end, end, None]
    found = read(answer, table, zone="Europe/Brussels", deadline=DeadlineRule(select="end", where="page"))
    assert found.entries[0].hints.comment_deadline is None


def test_pages_end() -> None:
    table = rules(fields={"url": "u"}, offset_parameter="start", max_pages=2)
    assert next_turn(Turn(), rules=table, count=10) == Turn(number=2, offset=10)
    assert next_turn(Turn(number=2, offset=10), rules=table, count=10) is None
    assert next_turn(Turn(), rules=table, count=0) is None
    assert next_turn(Turn(), rules=rules(fields={"url": "u"}, max_pages=9), count=10) is None


def test_a_body_needs_a_method_that_has_one() -> None:
    with pytest.raises(ValueError, match="POST"):
        rules(fields={"url": "u"}, body={"a": 1})

"""The database tables, apart from the domain values they hold (`limen.store.mapping` goes between)."""

from limen.store.tables.base import Base
from limen.store.tables.changes import ChangeRow, ComparisonRow, DocumentEventRow, NoteRow
from limen.store.tables.deliveries import DeliveryChangeRow, DeliveryEventRow, DeliveryRow
from limen.store.tables.documents import DocumentRow, DocumentVersionRow, SignatureBandRow, TextSignatureRow
from limen.store.tables.instruments import InstrumentReferenceRow, InstrumentRow, JoinProposalRow
from limen.store.tables.issues import IssueRow
from limen.store.tables.press import PressCheckRow, PressClaimRow, PressLinkRow
from limen.store.tables.readings import EntityRow, RequirementRow
from limen.store.tables.reviews import ReviewDecisionRow
from limen.store.tables.snapshots import AttachmentLinkRow, CrawlListRow, HostRestRow, SnapshotRow
from limen.store.tables.sources import CrawlRunRow, HealthTurnRow, SourceHealthRow, SourceRow, SourceStateRow

__all__ = [
    "AttachmentLinkRow",
    "Base",
    "ChangeRow",
    "ComparisonRow",
    "CrawlListRow",
    "CrawlRunRow",
    "DeliveryChangeRow",
    "DeliveryEventRow",
    "DeliveryRow",
    "DocumentEventRow",
    "DocumentRow",
    "DocumentVersionRow",
    "EntityRow",
    "HealthTurnRow",
    "HostRestRow",
    "InstrumentReferenceRow",
    "InstrumentRow",
    "IssueRow",
    "JoinProposalRow",
    "NoteRow",
    "PressCheckRow",
    "PressClaimRow",
    "PressLinkRow",
    "RequirementRow",
    "ReviewDecisionRow",
    "SignatureBandRow",
    "SnapshotRow",
    "SourceHealthRow",
    "SourceRow",
    "SourceStateRow",
    "TextSignatureRow",
]

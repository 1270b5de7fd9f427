"""The database tables, apart from the domain values they hold (`limen.store.mapping` goes between)."""

from limen.store.tables.base import Base
from limen.store.tables.changes import ChangeRow, ComparisonRow, NoteRow
from limen.store.tables.deliveries import DeliveryChangeRow, DeliveryRow
from limen.store.tables.documents import DocumentRow, DocumentVersionRow
from limen.store.tables.instruments import InstrumentReferenceRow, InstrumentRow
from limen.store.tables.issues import IssueRow
from limen.store.tables.readings import EntityRow, RequirementRow
from limen.store.tables.snapshots import SnapshotRow
from limen.store.tables.sources import CrawlRunRow, SourceRow, SourceStateRow

__all__ = [
    "Base",
    "ChangeRow",
    "ComparisonRow",
    "CrawlRunRow",
    "DeliveryChangeRow",
    "DeliveryRow",
    "DocumentRow",
    "DocumentVersionRow",
    "EntityRow",
    "InstrumentReferenceRow",
    "InstrumentRow",
    "IssueRow",
    "NoteRow",
    "RequirementRow",
    "SnapshotRow",
    "SourceRow",
    "SourceStateRow",
]

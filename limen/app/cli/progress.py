"""Progress bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from limen.app.cli.terminal import messages


class ProgressReporter:
    """A `Reporter` that draws one bar per stage on standard error, or prints a line at each end where that is no terminal."""

    def __init__(self) -> None:
        self._console = messages()
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<8}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[detail]}", style="dim"),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def begin(self, stage: str, *, total: int | None = None) -> None:
        """Show the stage's bar; one without a total moves until its end."""
        if (known := self._tasks.pop(stage, None)) is not None:
            self._progress.remove_task(known)
        self._tasks[stage] = self._progress.add_task(stage, total=total, detail="")

    def advance(self, stage: str, detail: str = "") -> None:
        """Move the stage's bar by one step."""
        self._progress.update(self._tasks[stage], advance=1, detail=detail[-60:])

    def end(self, stage: str) -> None:
        """Fill the stage's bar."""
        task = self._progress.tasks[self._progress.task_ids.index(self._tasks[stage])]
        self._progress.update(task.id, total=task.completed or 1, completed=task.completed or 1, detail="")
        if not self._console.is_terminal:
            self._console.print(f"{stage}: {task.completed:.0f} done in {task.elapsed or 0:.1f} s")

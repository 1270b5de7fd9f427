"""With which words, numbers and signs the matches of a regular expression can begin.

The tree that the standard library parses an expression into is private to it, so whatever is not known here makes the
answer "with anything": never wrong, only slower.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

LINE, TEXT = "\n", "\t"
"""Stand for the places where a line and the text begin, among pieces, which are never blank."""

# The standard library's own parser: `re` has no public way to look into an expression.
_parser: Any = re._parser  # type: ignore[attr-defined]  # noqa: SLF001

_LONGEST = 12
_MOST = 4000
_WIDEST = 80
_LETTERS, _DIGITS = frozenset(string.ascii_letters), frozenset(string.digits)
_WORDS = _LETTERS | _DIGITS
_BOTH = frozenset({"a", "0"})
_SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Beginnings:
    """The pieces (runs of letters, runs of digits, single signs) with which a match can begin.

    `whole` are nothing more, behind `prefixes` further letters or digits may follow. A match can also begin inside of a
    piece that ends in one of `endings` or holds one of `inner`.
    """

    whole: frozenset[str]
    prefixes: tuple[str, ...]
    endings: tuple[str, ...]
    inner: tuple[str, ...]
    folds_case: bool

    def offsets(self, piece: str) -> tuple[int, ...]:
        """Return where in a piece of a text a match can begin."""
        written = piece.lower() if self.folds_case else piece
        found = set()
        if written in self.whole or written.startswith(self.prefixes):
            found.add(0)
        found |= {len(written) - len(ending) for ending in self.endings if written.endswith(ending)}
        for part in self.inner:
            at = written.find(part)
            while at >= 0:
                found.add(at)
                at = written.find(part, at + 1)
        return tuple(sorted(found))


def beginnings(pattern: re.Pattern[str]) -> Beginnings | None:
    """Return with what the matches of an expression can begin; None where that cannot be told, or is nothing."""
    reader = _Reader(by_line=bool(pattern.flags & re.MULTILINE))
    try:
        states = reader.sequence(_tree(pattern), [_State()], ignore=bool(pattern.flags & re.IGNORECASE))
    except _CannotTellError:
        return None
    if not all(state.written for state in states):
        return None
    fold = str.lower if reader.folds_case else str

    def written(*, whole: bool, inside: bool) -> frozenset[str]:
        return frozenset(fold(state.written) for state in states if state.whole is whole and state.inside is inside)

    return Beginnings(
        whole=written(whole=True, inside=False),
        prefixes=tuple(written(whole=False, inside=False)),
        endings=tuple(written(whole=True, inside=True)),
        inner=tuple(written(whole=False, inside=True)),
        folds_case=reader.folds_case,
    )


def required_sign(pattern: re.Pattern[str]) -> str | None:
    """Return a sign, neither letter nor digit nor blank, that every match of an expression holds; None for none."""
    for operation, argument in _tree(pattern):
        if str(operation) == "LITERAL" and _kind(chr(argument)) is _SIGN and not chr(argument).isspace():
            return None if _cased(chr(argument)) else chr(argument)
    return None


def _tree(pattern: re.Pattern[str]) -> Any:
    return _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)


class _CannotTellError(Exception):
    """An expression can begin with nearly anything."""


@dataclass(frozen=True, slots=True)
class _State:
    """One way to begin: what is `written` so far, whether more of the expression can add to it, and whether the piece ends.

    `bound` holds "a" where a letter cannot stand before, and "0" where a digit cannot; `inside` is True where one can.
    """

    written: str = ""
    closed: bool = False
    whole: bool = False
    inside: bool = False
    bound: frozenset[str] = frozenset()


class _Reader:
    def __init__(self, *, by_line: bool) -> None:
        self._by_line = by_line
        self.folds_case = False

    def sequence(self, tree: Any, states: Iterable[_State], *, ignore: bool) -> list[_State]:
        """Return the ways to begin with the parts of a sequence, one after the other, behind given states."""
        self.folds_case = self.folds_case or ignore
        current = list(dict.fromkeys(states))
        for operation, argument in tree:
            done = [state for state in current if state.closed]
            going = [state for state in current if not state.closed]
            if not going:
                break
            current = list(dict.fromkeys([*done, *self._step(str(operation), argument, going, ignore=ignore)]))
            if len(current) > _MOST:
                raise _CannotTellError
        return current

    def _step(self, operation: str, argument: Any, states: list[_State], *, ignore: bool) -> list[_State]:
        match operation:
            case "LITERAL":
                return [_with_sign(state, chr(argument), ignore=ignore) for state in states]
            case "IN":
                signs = _members(argument)
                if signs is None:
                    return [_cut(state) for state in states]
                return [_with_sign(state, sign, ignore=ignore) for state in states for sign in signs]
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                low, high, tree = argument
                once = self.sequence(tree, states, ignore=ignore)
                if int(high) > 1:
                    once = [state if state.closed else _cut(state) for state in once]
                return [*states, *once] if low == 0 else once
            case "SUBPATTERN":
                _, added, taken, tree = argument
                if (added | taken) & re.MULTILINE:
                    raise _CannotTellError
                within = (ignore or bool(added & re.IGNORECASE)) and not taken & re.IGNORECASE
                return self.sequence(tree, states, ignore=within)
            case "ATOMIC_GROUP":
                return self.sequence(argument, states, ignore=ignore)
            case "BRANCH":
                return [state for tree in argument[1] for state in self.sequence(tree, states, ignore=ignore)]
            case "ASSERT" | "ASSERT_NOT":
                bound = _bound_by(operation, *argument)
                return [replace(state, bound=state.bound | bound) if not state.written else state for state in states]
            case "AT":
                return [self._at(str(argument), state) for state in states]
            case _:
                return [_cut(state) for state in states]

    def _at(self, place: str, state: _State) -> _State:
        if state.written and place in ("AT_BOUNDARY", "AT_END", "AT_END_STRING"):
            return replace(state, closed=True, whole=True)
        if not state.written and place == "AT_BOUNDARY":
            return replace(state, bound=_BOTH)
        if not state.written and place in ("AT_BEGINNING", "AT_BEGINNING_STRING"):
            begins = LINE if place == "AT_BEGINNING" and self._by_line else TEXT
            return replace(state, written=begins, closed=True, whole=True)
        raise _CannotTellError


def _with_sign(state: _State, sign: str, *, ignore: bool) -> _State:
    """Return a state with one more sign, closed where its piece ends before it."""
    kind = _kind(sign)
    if state.written:
        if kind is _SIGN or kind != _kind(state.written[0]):
            return replace(state, closed=True, whole=True)
        written = state.written + sign
        return replace(state, written=written, closed=len(written) >= _LONGEST)
    if kind is not _SIGN:
        return replace(state, written=sign, inside=kind not in state.bound)
    if sign.isspace() or (ignore and _cased(sign)):
        raise _CannotTellError
    return replace(state, written=sign, closed=True, whole=True)


def _cut(state: _State) -> _State:
    """Close a state behind which anything may follow."""
    if not state.written:
        raise _CannotTellError
    return replace(state, closed=True)


def _bound_by(operation: str, direction: int, tree: Any) -> frozenset[str]:
    """Return what cannot stand before the place of a look-behind."""
    if direction > 0 or len(tree) == 0:
        return frozenset()
    kind, argument = tree[len(tree) - 1]
    if operation == "ASSERT":
        return _BOTH - {_kind(chr(argument))} if str(kind) == "LITERAL" else frozenset()
    if len(tree) > 1 or str(kind) != "IN":
        return frozenset()
    barred = set(_members(argument, widest=len(_WORDS) + _WIDEST) or ())
    return frozenset(name for name, signs in (("a", _LETTERS), ("0", _DIGITS)) if signs <= barred)


def _members(items: Any, *, widest: int = _WIDEST) -> list[str] | None:
    """Return the signs of a class; None for one that is negated or wide. Digits are those of ASCII."""
    signs: list[str] = []
    for operation, argument in items:
        match str(operation), str(argument):
            case "LITERAL", _:
                signs.append(chr(argument))
            case "RANGE", _:
                if argument[1] - argument[0] >= widest:
                    return None
                signs += map(chr, range(argument[0], argument[1] + 1))
            case "CATEGORY", "CATEGORY_DIGIT":
                signs += string.digits
            case "CATEGORY", "CATEGORY_WORD" if widest > _WIDEST:
                signs += _WORDS
            case _:
                return None
        if len(signs) > widest:
            return None
    return signs


def _kind(sign: str) -> str:
    return "a" if sign in _LETTERS else "0" if sign in _DIGITS else _SIGN


def _cased(sign: str) -> bool:
    return sign.lower() != sign.upper()

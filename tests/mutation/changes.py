"""Small wrong changes to a source, one at a time: what a test that checks something must notice."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

ORDERS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
}
_BOTH_WAYS = [
    ("min", "max"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("any", "all"),
    ("floor", "ceil"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("startswith", "endswith"),
    ("partition", "rpartition"),
    ("logical_and", "logical_or"),
    ("less", "less_equal"),
    ("greater", "greater_equal"),
]
NAMES = {one: other for pair in _BOTH_WAYS for one, other in (pair, pair[::-1])} | {"cumsum": "asarray", "log2": "log"}
NAMES |= {"float64": "float32"}
TEXTS = {"left": "right", "right": "left", "stable": "quicksort"}
NEEDLESS = {"abs", "sort", "sorted", "reversed", "round", "unique", "sqrt", "floor", "clip", "strip", "lower", "int"}
"""Calls that are replaced by what they are given."""
NOT_ARGUMENTS = {"strict"}
"""Keyword arguments that only refuse what the tests do not give."""
COMPOUND = ast.BinOp | ast.BoolOp | ast.Compare | ast.UnaryOp | ast.IfExp
SKIPPED_FIELDS = {"annotation", "returns", "decorator_list", "type_comment", "exc", "cause", "msg"}


@dataclass(frozen=True)
class Mutant:
    """A source with one change.

    Attributes
    ----------
    number
        The line that is changed.
    before, after
        The line, or the lines as one, without and with the change.
    reached_by
        The lines of which one is run whenever the change can matter; none: it matters as soon as the module is there.
    code
        The compiled module.
    """

    number: int
    before: str
    after: str
    reached_by: range
    code: CodeType


def mutants(source: str, filename: str) -> Iterator[Mutant]:
    """Make every change to a source, each to the source as it was."""
    tree = ast.parse(source)
    lines = source.encode().splitlines()
    for place in _places(tree, range(0)):
        for changed in _changes(place):
            place.put(ast.fix_missing_locations(ast.copy_location(copy.copy(changed), place.node)))
            code = compile(tree, filename, "exec")
            place.put(place.node)
            before = b" ".join(line.strip() for line in lines[place.node.lineno - 1 : place.node.end_lineno])
            start = lines[place.node.lineno - 1][: place.node.col_offset].strip(b" ")
            end = lines[(place.node.end_lineno or 1) - 1][place.node.end_col_offset :]
            space = " " if start and place.before_is_space(lines) else ""
            text = " ".join(ast.unparse(changed).split())
            if isinstance(changed, COMPOUND) and not isinstance(place.node, COMPOUND):
                text = f"({text})"
            after = start.decode() + space + text + end.decode()
            if before.decode() != after:
                yield Mutant(place.node.lineno, before.decode(), after, place.reached_by, code)


Changeable = ast.expr | ast.stmt | ast.keyword


@dataclass(frozen=True)
class _Place:
    node: Changeable
    parent: ast.AST
    field: str
    index: int | None
    reached_by: range

    def put(self, node: Changeable) -> None:
        """Put a node where this one is."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node

    def before_is_space(self, lines: list[bytes]) -> bool:
        """Tell whether the source has a space before the node."""
        return lines[self.node.lineno - 1][: self.node.col_offset].endswith(b" ")


def _places(node: ast.AST, reached_by: range) -> Iterator[_Place]:
    """Find all that may be changed, and how it is reached."""
    for field, value in ast.iter_fields(node):
        if field in SKIPPED_FIELDS or (isinstance(node, ast.JoinedStr | ast.Constant)):
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST) or _is_skipped(child):
                continue
            within = reached_by
            if isinstance(child, ast.stmt) and _in_function(node, reached_by):
                body = getattr(child, "body", None)
                last = body[0].lineno - 1 if body else child.end_lineno or child.lineno
                within = range(child.lineno, max(last, child.lineno) + 1)
            if isinstance(child, Changeable):
                yield _Place(child, node, field, index if isinstance(value, list) else None, within)
            yield from _places(child, within)


def _in_function(parent: ast.AST, reached_by: range) -> bool:
    return isinstance(parent, ast.FunctionDef) or len(reached_by) > 0


def _is_skipped(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.ClassDef):
        return any(ast.unparse(base) == "Protocol" for base in node.bases)
    if isinstance(node, ast.Raise):
        return node.exc is not None and ast.unparse(node.exc) == "NotImplementedError"
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) == "__all__"
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    if isinstance(node, ast.Subscript):
        return ast.unparse(node.value) == "NDArray"
    if isinstance(node, ast.keyword):
        return node.arg in NOT_ARGUMENTS
    return isinstance(node, ast.Import | ast.ImportFrom)


def _changes(place: _Place) -> Iterator[Changeable]:
    """Give what may stand in place of a node."""
    node = place.node
    match node:
        case ast.Compare():
            for at, op in enumerate(node.ops):
                for other in ORDERS[type(op)]:
                    yield ast.Compare(node.left, [*node.ops[:at], other(), *node.ops[at + 1 :]], node.comparators)
        case ast.BinOp() if type(node.op) in OPERATORS:
            yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
        case ast.UnaryOp():
            yield node.operand
        case ast.BoolOp():
            yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
            for at in range(len(node.values)):
                rest = [value for other, value in enumerate(node.values) if other != at]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Constant(value=float() as value):
            yield from map(ast.Constant, sorted({value + 1, value * 2, 0.0} - {value}))
        case ast.Constant(value=str() as value) if value in TEXTS:
            yield ast.Constant(TEXTS[value])
        case ast.Attribute() if node.attr in NAMES:
            yield ast.Attribute(node.value, NAMES[node.attr], node.ctx)
        case ast.Name(ctx=ast.Load()) if node.id in NAMES:
            yield ast.Name(NAMES[node.id], node.ctx)
        case ast.Slice():
            if node.lower:
                yield ast.Slice(None, node.upper, node.step)
            if node.upper:
                yield ast.Slice(node.lower, None, node.step)
        case ast.Call():
            yield from _changed_calls(node)
        case ast.Return(value=ast.expr()):
            yield ast.Return(ast.Constant(None))
        case ast.AugAssign() if type(node.op) in OPERATORS:
            yield ast.AugAssign(node.target, OPERATORS[type(node.op)](), node.value)
            yield ast.Pass()
        case ast.Expr() | ast.Raise() | ast.Continue() | ast.Break() | ast.Delete() | ast.AugAssign():
            yield ast.Pass()
        case ast.Assign() if not isinstance(node.targets[0], ast.Name | ast.Tuple):
            yield ast.Pass()
        case _:
            pass
    if _is_condition(place) and isinstance(node, ast.expr) and not isinstance(node, ast.Compare | ast.UnaryOp):
        yield ast.UnaryOp(ast.Not(), node)
    if isinstance(place.parent, ast.comprehension) and place.field == "ifs":
        yield ast.Constant(True)


def _is_condition(place: _Place) -> bool:
    return place.field == "test" or (isinstance(place.parent, ast.comprehension) and place.field == "ifs")


def _changed_calls(call: ast.Call) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in NEEDLESS:
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) not in ("np", "pc", "math"):
            yield call.func.value
        elif call.args:
            yield call.args[0]
    for at, keyword in enumerate(call.keywords):
        if keyword.arg and not _is_skipped(keyword):
            yield ast.Call(call.func, call.args, call.keywords[:at] + call.keywords[at + 1 :])

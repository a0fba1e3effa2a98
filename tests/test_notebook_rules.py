"""Question, one line, picture: the shape that every notebook keeps (design.md, section 4)."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))

SHARED_NAMES = {"data", "cycle", "unit", "lang", "audience", "settings"}
SECTIONS = {"yakin": "how sure are we", "selanjutnya": "what follows"}
# Statements are what a reader has to follow; one call may still be wrapped over many lines.
MOST_STATEMENTS = 4
MOST_LINES = 12
FORBIDDEN = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.For, ast.AsyncFor, ast.While, ast.If, ast.Match, ast.Try, ast.TryStar),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def find_headings(cell: NotebookNode) -> list[tuple[int, str]]:
    """Level and text of a text cell's headings; fenced code holds none."""
    if cell.cell_type != "markdown":
        return []
    text = re.sub(r"^(```|~~~).*?^\1", "", cell.source, flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"^ {0,3}(#{1,6})\s+(.+)$", text, flags=re.MULTILINE)
    return [(len(marks), words) for marks, words in found]


def code_cells(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode, list[ast.stmt]]]:
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            yield number, cell, ast.parse(as_python(cell.source)).body


def as_python(source: str) -> str:
    """Commands of the terminal (``!``) and of Jupyter (``%``) as the calls that they are."""
    return TransformerManager().transform_cell(source)


def is_tour(notebook: NotebookNode) -> bool:
    """A tour shows a newcomer around; no report is made of it, so it saves nothing."""
    return bool(notebook.metadata.get("cakra", {}).get("tour"))


def is_parameters(cell: NotebookNode) -> bool:
    return "parameters" in cell.metadata.get("tags", [])


def imports(statements: list[ast.stmt]) -> bool:
    return any(isinstance(s, ast.Import | ast.ImportFrom) for s in statements)


def check_title(notebook: NotebookNode) -> Iterator[str]:
    titles = [
        (number, words)
        for number, cell in enumerate(notebook.cells)
        for level, words in find_headings(cell)
        if level == 1
    ]
    if [number for number, _ in titles] != [0]:
        yield f"one H1, in cell 0; found {titles}"
    yield from (f"cell {n}: no question: {words}" for n, words in titles if "?" not in words)


def check_sections(notebook: NotebookNode) -> Iterator[str]:
    headings = [(n, *h) for n, cell in enumerate(notebook.cells) for h in find_headings(cell)]
    for number, level, words in headings:
        if level == 2 and "?" not in words:
            yield f"cell {number}: no question: {words}"
    said = " ".join(words for _, level, words in headings if level > 1).lower()
    yield from (
        f"no heading with '{word}' ({what})" for word, what in SECTIONS.items() if word not in said
    )


def check_parameters(notebook: NotebookNode) -> Iterator[str]:
    tagged = [(n, cell) for n, cell in enumerate(notebook.cells) if is_parameters(cell)]
    if len(tagged) != 1 or tagged[0][1].cell_type != "code":
        yield f"one code cell tagged parameters; found {[number for number, _ in tagged]}"
        return
    number, cell = tagged[0]
    names = set()
    for line in filter(None, map(str.strip, cell.source.splitlines())):
        name = parameter_name(line)
        names.add(name)
        if not name:
            yield f"cell {number}: not `name = literal  # comment`: {line}"
    if missing := SHARED_NAMES - names:
        yield f"cell {number}: lacks {sorted(missing)}"


def parameter_name(line: str) -> str:
    """Name in ``name = literal  # comment``, empty for any other line."""
    try:
        (statement,) = ast.parse(line).body
        tokens = [*tokenize.generate_tokens(io.StringIO(line).readline)]
        ast.literal_eval(statement.value)
        (target,) = statement.targets
        comment = next(t.string for t in tokens if t.type == tokenize.COMMENT)
        return target.id if comment.strip("# ") else ""
    except (SyntaxError, ValueError, AttributeError, StopIteration, tokenize.TokenError):
        return ""


def check_size(notebook: NotebookNode) -> Iterator[str]:
    """Short cells; only parameters and the one set-up cell, with all imports, may be longer."""
    with_imports = [n for n, _, statements in code_cells(notebook) if imports(statements)]
    if len(with_imports) > 1:
        yield f"one set-up cell imports; found {with_imports}"
    for number, cell, statements in code_cells(notebook):
        if is_parameters(cell) or imports(statements):
            continue
        lines = len([line for line in cell.source.splitlines() if line.strip()])
        if len(statements) > MOST_STATEMENTS:
            yield f"cell {number}: {len(statements)} statements, at most {MOST_STATEMENTS}"
        if lines > MOST_LINES:
            yield f"cell {number}: {lines} lines, at most {MOST_LINES}"


def check_plain(notebook: NotebookNode) -> Iterator[str]:
    for number, cell, _ in code_cells(notebook):
        for node in ast.walk(ast.parse(as_python(cell.source))):
            if isinstance(node, FORBIDDEN):
                yield f"cell {number}, line {node.lineno}: {type(node).__name__}"


def check_clean(notebook: NotebookNode) -> Iterator[str]:
    for number, cell, _ in code_cells(notebook):
        if cell.outputs or cell.execution_count is not None:
            yield f"cell {number}: was run; clear its output (nbstripout)"


def check_end(notebook: NotebookNode) -> Iterator[str]:
    *_, (number, _, statements) = code_cells(notebook)
    calls = [n for s in statements for n in ast.walk(s) if isinstance(n, ast.Call)]
    if "page.provenance" not in [ast.unparse(call.func) for call in calls]:
        yield f"cell {number}: the last code cell does not call page.provenance"


def check_no_commands(notebook: NotebookNode) -> Iterator[str]:
    """Whoever builds reports runs no command of the terminal by it."""
    for number, cell, _ in code_cells(notebook):
        if "get_ipython()" in as_python(cell.source):
            yield f"cell {number}: a command that is no Python"


def check_both_languages(notebook: NotebookNode) -> Iterator[str]:
    """Indonesian first, then English, set off as a quotation."""
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            lines = [line for line in cell.source.splitlines() if line and line[0] != "#"]
            quoted = [line.startswith(">") for line in lines]
            if not any(quoted) or quoted != sorted(quoted) or quoted[0]:
                yield f"cell {number}: not Indonesian, then English behind >"
        yield from (
            f"cell {number}: not in both languages: {words}"
            for _, words in find_headings(cell)
            if "·" not in words
        )


RULES: list[Callable[[NotebookNode], Iterator[str]]] = [
    check_title,
    check_sections,
    check_parameters,
    check_size,
    check_plain,
    check_clean,
    check_end,
    check_no_commands,
]
OF_A_REPORT = {check_end, check_no_commands}
OF_A_TOUR = [*(rule for rule in RULES if rule not in OF_A_REPORT), check_both_languages]


def check_notebook(notebook: NotebookNode) -> list[str]:
    rules = OF_A_TOUR if is_tour(notebook) else RULES
    return [offender for rule in rules for offender in rule(notebook)]


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.name)
def test_notebook_keeps_rules(file):
    offenders = check_notebook(nbformat.read(file, as_version=4))
    assert not offenders, "\n" + "\n".join(f"notebooks/{file.name}: {o}" for o in offenders)


@pytest.fixture
def good() -> NotebookNode:
    parameters = "\n".join(f'{name} = "x"  # what it is' for name in sorted(SHARED_NAMES))
    return new_notebook(
        cells=[
            new_markdown_cell("# Di mana?\n\n```\n# a comment, not a heading\n```"),
            new_code_cell(parameters, metadata={"tags": ["parameters"]}),
            new_code_cell("from functools import partial\n\na = 1\nb = 2\nc = 3\nd = 4"),
            new_markdown_cell("## Seberapa yakin kita?\n\n## Apa selanjutnya?"),
            new_code_cell("page.table(\n" + "    a,\n" * 10 + ")"),
            new_code_cell("page.provenance({})"),
        ]
    )


def test_good_notebook_passes(good):
    assert check_notebook(good) == []


@pytest.mark.parametrize(
    ("cell", "source", "complaint"),
    [
        (0, "# Di mana", "no question"),
        (0, "Di mana?", "one H1"),
        (3, "# Lagi?\n## Seberapa yakin kita, dan apa selanjutnya?", "one H1"),
        (3, "## Seberapa yakin kita\n## Apa selanjutnya?", "no question"),
        (3, "## Apa selanjutnya?", "'yakin'"),
        (3, "## Seberapa yakin kita?", "'selanjutnya'"),
        (1, 'data = "x"  # folder', "lacks"),
        (1, "data = folder()  # folder", "not `name"),
        (1, 'data = "# no comment"', "not `name"),
        (1, "data = (  # over two lines\n    1)", "not `name"),
        (4, "a\nb\nc\nd\ne", "5 statements"),
        (4, "a = [\n" + "    1,\n" * 15 + "]", "17 lines"),
        (4, "import numpy", "one set-up cell"),
        (4, "if a:\n    b", "If"),
        (4, "for a in b: a", "For"),
        (4, "def a(): b", "FunctionDef"),
        (4, "try:\n    a\nfinally:\n    b", "Try"),
        (4, "sorted(a, key=lambda b: b)", "Lambda"),
        (4, "[a for a in b]", "ListComp"),
        (4, "any(a for a in b)", "GeneratorExp"),
        (5, "page.table({})", "page.provenance"),
        (4, "!cakra report", "no Python"),
        (4, "%%writefile x\na", "no Python"),
    ],
)
def test_rule_can_fail(good, cell, source, complaint):
    good.cells[cell].source = source
    assert any(complaint in offender for offender in check_notebook(good))


def test_rules_on_tags_and_outputs_can_fail(good):
    good.cells[1].metadata["tags"] = []
    good.cells[4].execution_count = 1
    good.cells[5].outputs = [new_output("stream", text="seen")]
    offenders = check_notebook(good)
    assert any("tagged parameters" in offender for offender in offenders)
    assert sum("was run" in offender for offender in offenders) == 2


def test_only_the_readme_is_a_tour():
    tours = [file.name for file in NOTEBOOKS if is_tour(nbformat.read(file, as_version=4))]
    assert tours == ["README.ipynb"]


def test_a_tour_may_run_commands_and_speaks_both_languages(good):
    good.metadata["cakra"] = {"tour": True}
    good.cells = good.cells[:-1]
    good.cells[4].source = "!cakra report"
    texts = {0: "# Di mana? · Where?\n\nDi sini.\n\n> Here."}
    texts[3] = "## Seberapa yakin? · How sure?\n## Apa selanjutnya? · What next?\nIni.\n\n> This."
    for number, text in texts.items():
        good.cells[number].source = text
    assert check_notebook(good) == []
    for wrong in ("# Di mana? · Where?\n\nDi sini.", "# Di mana?\n\nDi sini.\n\n> Here."):
        good.cells[0].source = wrong
        assert len(check_notebook(good)) == 1
    good.cells[4].source = "for a in b: c"
    assert any("For" in offender for offender in check_notebook(good))

"""A database gives the same data set as its files, takes it back by its keys, and keeps secrets."""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import sqlalchemy
from pandas.testing import assert_frame_equal

from cakra_analysis import needs
from cakra_analysis.cli import main
from cakra_analysis.contracts import contracts
from cakra_analysis.database import (
    create_tables,
    fingerprint_tables,
    hide_password,
    is_url,
    write_dataset,
)
from cakra_analysis.database.address import VARIABLE, list_secrets, read_address
from cakra_analysis.database.connect import open_store
from cakra_analysis.database.password import find_password
from cakra_analysis.database.schema import list_statements
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import DataError, PlanError
from cakra_analysis.load import load
from cakra_analysis.raw import write_cell
from cakra_analysis.report.long_tables import write_reports
from cakra_analysis.report.prepare import prepare
from cakra_analysis.settings import Settings
from cakra_analysis.synthetic import make_region, write_region
from tests.conftest import edit, many_ratings
from tests.postgres import PASSWORD, find_programs, serve_postgres
from tests.sizes import THOROUGH
from tests.test_report_plan import ENTRY, plan

SERVER = pytest.param("postgresql", marks=pytest.mark.slow)
KINDS = ["sqlite", "duckdb", SERVER]
SERVED = ["sqlite", SERVER]  # where DuckDB takes no way of its own


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    if not find_programs():
        pytest.skip("no initdb here: Debian's package postgresql is not installed")
    with serve_postgres() as url:
        yield url


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of the kind that the test asks for."""
    if request.param != "postgresql":
        yield f"{request.param}:///{tmp_path}/own.{request.param}"
        return
    served, patch = request.getfixturevalue("server"), request.getfixturevalue("monkeypatch")
    patch.setenv("PGPASSWORD", PASSWORD)
    schema = f"s{abs(hash(tmp_path))}"
    run(served, f"CREATE SCHEMA {schema}")
    yield f"{served}?schema={schema}"
    run(served, f"DROP SCHEMA {schema} CASCADE")


def run(url: str, *statements: str) -> list[tuple]:
    """What somebody else does in the database, without our code; the last statement's rows."""
    file, schema = url.partition(":///")[2], url.partition("?schema=")[2]
    if url.startswith("duckdb"):
        with duckdb.connect(file) as own:
            return [own.execute(text).fetchall() for text in statements][-1]
    if url.startswith("sqlite"):
        own = sqlite3.connect(file)
        rows = [own.execute(text).fetchall() for text in statements][-1]
        own.commit()
        own.close()
        return rows
    address = url.partition("?")[0].replace("://ana@", f"+pg8000://ana:{PASSWORD}@")
    engine = sqlalchemy.create_engine(address)
    try:
        with engine.begin() as own:
            if schema:
                own.exec_driver_sql(f"SET search_path = {schema}")
            for text in statements:
                result = own.exec_driver_sql(text)
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        engine.dispose()


def copy_as_text(folder: Path, url: str, kinds: dict[str, str] | None = None) -> None:
    """A folder's cells as another program may have brought them in: no keys, text alone."""
    for file in sorted(folder.glob("*.csv")):
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
        columns = ", ".join(f'"{c}" {(kinds or {}).get(c, "TEXT")}' for c in table)
        made = [f'CREATE TABLE "{file.stem}" ({columns})']
        for row in table.itertuples(index=False):
            cells = ", ".join(
                "'" + cell.replace("'", "''") + "'" if cell else "NULL" for cell in row
            )
            made.append(f'INSERT INTO "{file.stem}" VALUES ({cells})')
        run(url, *made)


def in_order(data: Dataset, name: str) -> pd.DataFrame:
    """A column without any value is not given by a database, which has all columns always."""
    given = data[name].dropna(axis="columns", how="all")
    return given.sort_values(contracts()[name].key, ignore_index=True)


def score(data: Dataset) -> pd.DataFrame:
    now = data["ratings"][data["ratings"]["cycle"] == data.latest]
    sides = needs.combine_sides(
        now, data["standards"], definition=data.gap_definition, weights=Settings().gap.weights
    )
    people = needs.count_people(data["staff"], data["standards"], data["competencies"])
    gaps = needs.score_person_gaps(*sides, data["staff"])
    return needs.score_gaps(gaps, data["units"], people=people)


@pytest.mark.slow
@pytest.mark.parametrize("url", KINDS, indirect=True)
def test_a_region_comes_back_cell_by_cell(
    request: pytest.FixtureRequest, url: str, tmp_path: Path
) -> None:
    if THOROUGH:
        region = request.getfixturevalue("region")
    else:
        write_region(make_region(6, staff=100, cycles=1, with_levels=False), tmp_path / "small")
        region = load(tmp_path / "small")
    changed = write_dataset(region, url)
    assert changed == {name: len(region[name]) for name in contracts() if name in region.tables}
    back = load(url)
    assert back.problems.empty and back.others == ()
    assert sorted(back.tables) == sorted(region.tables)
    for name in region.tables:
        assert_frame_equal(in_order(region, name), in_order(back, name))
    assert_frame_equal(score(region), score(back))
    mark = back.fingerprint
    assert sum(write_dataset(region, url).values()) == 0  # twice is as good as once
    assert fingerprint_tables(url) == mark
    ratings = region["ratings"].copy()
    ratings.loc[7, "level"] = 5 - ratings.loc[7, "level"]
    one = Dataset({**region.tables, "ratings": ratings}, region.problems, region.path, "")
    assert sum(write_dataset(one, url).values()) == 1
    assert_frame_equal(
        ratings.sort_values(contracts()["ratings"].key, ignore_index=True),
        load(url)["ratings"],
    )
    assert fingerprint_tables(url) != mark


DAMAGE = [
    ("ratings", 12, "level", "7", "too_high"),
    ("ratings", 13, "level", "2,5", "not_whole"),
    ("ratings", 14, "level", "dua", "not_a_number"),
    ("ratings", 15, "source", "boss", "not_allowed"),
    ("ratings", 16, "cycle", "20226", "not_a_cycle"),
    ("ratings", 17, "staff_id", "P-CCCCCCCCCCC4", "unknown"),
    ("staff", 33, "unit_id", "Z", "unknown"),
    ("staff", 34, "position_id", "", "no_post"),
    ("staff", 35, "staff_id", "N000", "duplicate"),
    ("staff", 36, "sex", "x", "not_allowed"),
]


@pytest.mark.slow
@pytest.mark.parametrize("url", KINDS, indirect=True)
def test_damage_is_reported_as_in_a_folder(folder: Path, url: str) -> None:
    many_ratings(folder)
    for table, row, column, value, _ in DAMAGE:
        edit(folder, table, row, column, value)
    copy_as_text(folder, url)
    text, own = load(folder), load(url)
    # A database counts in the order of its keys.
    columns = [c for c in text.problems if c != "row"]
    wanted = sorted(text.problems[columns].itertuples(index=False, name=None))
    assert sorted(own.problems[columns].itertuples(index=False, name=None)) == wanted
    assert {rule for *_, rule in DAMAGE} == set(own.problems["rule"])
    for name in text.tables:
        assert_frame_equal(in_order(text, name), in_order(own, name))


@pytest.mark.slow
@pytest.mark.parametrize("url", ["duckdb"], indirect=True)
def test_a_missing_column_and_an_orphan_table_are_refused(folder: Path, url: str) -> None:
    copy_as_text(folder, url)
    run(url, "UPDATE ratings SET staff_id = 'X' || staff_id")
    with pytest.raises(DataError, match="no staff_id of the 3 rows stands in table staff"):
        load(url)
    run(url, "ALTER TABLE ratings DROP COLUMN source")
    with pytest.raises(DataError, match='table ratings: the column "source" is missing'):
        load(url)


@pytest.mark.parametrize("url", SERVED, indirect=True)
def test_types_that_are_wrong_are_told(folder: Path, url: str) -> None:
    for name in ("staff", "ratings"):
        for row in (2, 3, 4) if name == "ratings" else (2, 3):
            edit(folder, name, row, "staff_id", str(row if row < 4 else 3))
    copy_as_text(folder, url, {"staff_id": "BIGINT", "level": "NUMERIC"})
    problems = load(url).problems
    assert set(problems["rule"]) == {"number_cell"} and len(problems) == 5
    run(url, "DROP TABLE staff", "DROP TABLE ratings")
    for name in ("staff", "ratings"):
        (folder / "text").mkdir(exist_ok=True)
        (folder / f"{name}.csv").rename(folder / "text" / f"{name}.csv")
    copy_as_text(folder / "text", url, {"level": "NUMERIC"})
    data = load(url)
    assert data.problems.empty
    assert data["ratings"]["level"].tolist()[:2] == [2, 1]
    assert data["staff"]["staff_id"].tolist() == ["2", "3"]


@pytest.mark.parametrize("url", SERVED, indirect=True)
def test_other_tables_are_named_and_views_are_read(folder: Path, url: str) -> None:
    copy_as_text(folder, url)
    run(url, 'ALTER TABLE "positions" RENAME TO "jabatan"', 'CREATE TABLE "ratngs" (x TEXT)',
        'CREATE VIEW "positions" AS SELECT * FROM "jabatan"')  # fmt: skip
    data = load(url)
    assert data.others == ("jabatan", "ratngs")
    assert_frame_equal(data["positions"], load(folder)["positions"])
    run(url, 'ALTER TABLE "units" ADD COLUMN "made_on" TEXT')
    with pytest.raises(DataError, match='the column "made_on" is not known'):
        load(url)


@pytest.mark.slow
@pytest.mark.parametrize("url", SERVED, indirect=True)
def test_the_order_of_rows_does_not_matter(folder: Path, url: str) -> None:
    copy_as_text(folder, url)
    before = load(url)
    assert before["ratings"][["staff_id", "source"]].values.tolist() == [
        ["P-AAAAAAAAAAA2", "self"],
        ["P-BBBBBBBBBBB3", "self"],
        ["P-BBBBBBBBBBB3", "supervisor"],
    ]
    run(url, "CREATE TABLE kept AS SELECT * FROM ratings ORDER BY source DESC, staff_id DESC",
        "DELETE FROM ratings", "INSERT INTO ratings SELECT * FROM kept")  # fmt: skip
    after = load(url)
    assert after.fingerprint == before.fingerprint
    assert_frame_equal(after["ratings"], before["ratings"])
    run(url, "UPDATE ratings SET level = '3' WHERE staff_id LIKE '%A2'")
    assert fingerprint_tables(url) != before.fingerprint
    edited = load(url).problems
    assert edited.empty
    run(url, "UPDATE ratings SET level = '9' WHERE source = 'supervisor'")
    assert load(url).problems["row"].tolist() == [3]  # of the key's order, counted from 1


@pytest.mark.parametrize("url", KINDS, indirect=True)
def test_writing_is_whole_or_not_at_all(folder: Path, url: str) -> None:
    run(url, "CREATE TABLE ratings (staff_id TEXT)")
    with pytest.raises(DataError, match='table ratings: it has no column "competency_id"'):
        write_dataset(load(folder), url)
    with pytest.raises(Exception, match="units"):
        run(url, 'SELECT * FROM "units"')


@pytest.mark.parametrize("url", [SERVER], indirect=True)
def test_a_server_keeps_types_references_and_meaning(url: str) -> None:
    assert create_tables(url) == create_tables(url) == list(contracts())
    schema = url.partition("?schema=")[2]
    columns = run(url, "SELECT table_name, column_name, data_type, is_nullable FROM "
                  f"information_schema.columns WHERE table_schema = '{schema}'")  # fmt: skip
    assert ("ratings", "level", "bigint", "YES") in columns
    assert ("ratings", "staff_id", "text", "NO") in columns
    ((meaning,),) = run(url, f"SELECT obj_description('{schema}.ratings'::regclass)")
    assert meaning == contracts()["ratings"].row["id"]
    with pytest.raises(Exception, match="violates foreign key"):
        run(url, "INSERT INTO ratings VALUES ('nobody', 'M.1', '2026', 'self', '1', 3, NULL)")


def test_every_reference_to_a_key_is_in_the_schema() -> None:
    text = "\n".join(list_statements("postgresql"))
    wanted = [c for t in contracts().values() for c in t.columns.values() if c.refers]
    wanted = [
        c for c in wanted if contracts()[c.refers.split(".")[0]].key == [c.refers.split(".")[1]]
    ]
    assert text.count("FOREIGN KEY") == len(wanted) > 20
    assert "FOREIGN KEY" not in "\n".join(list_statements("duckdb"))


SECRET = "rahasia%40dinas"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (f"postgresql://ana:{SECRET}@db/asn?schema=x", "postgresql://ana@db/asn?schema=x"),
        ("mysql://ana@db/asn?password=rahasia&charset=utf8", "mysql://ana@db/asn?charset=utf8"),
        ("sqlite:////srv/asn.db", "sqlite:////srv/asn.db"),
    ],
)
def test_a_password_is_hidden(monkeypatch, given: str, shown: str) -> None:
    monkeypatch.setenv(VARIABLE, "")
    assert hide_password(given) == shown
    address = read_address(shown)  # as a process is given it that was started by this one
    assert "rahasia" not in repr(address) + str(address)
    assert ("rahasia" in address.whole) == ("rahasia" in given)
    assert is_url(shown) and not is_url(Path("data"))


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("postgresql://ana:rahasia#dinas-2026@db/asn", "rahasia#dinas-2026"),
        ("postgresql://ana:raha[sia99@db/asn", "raha[sia99"),
        ("postgresql://ana:raha%3Fsia@db/asn", "raha?sia"),
        ("mysql://ana@db/asn?charset=utf8&password=rahasia-lain", "rahasia-lain"),
    ],
)
def test_every_password_is_listed_as_a_secret(monkeypatch, url: str, secret: str) -> None:
    monkeypatch.setenv(VARIABLE, url)
    assert secret in list_secrets()
    assert "utf8" not in list_secrets()


def test_a_password_is_in_no_error(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.setattr("cakra_analysis.database.connect.SECONDS", 1)
    for url in (
        "postgresql://ana:rahasia@127.0.0.1:1/asn",
        "postgresql://ana:raha@sia/x@127.0.0.1:1/asn",
        "oracle://ana:rahasia@127.0.0.1:1/asn",
        "nonsense://ana:rahasia@127.0.0.1/asn?token=rahasia",
    ):
        with pytest.raises(DataError) as caught:
            load(url)
        assert "raha" not in str(caught.value) and "sia" not in str(caught.value)
        assert caught.value.do


@pytest.mark.slow
# pg8000 leaves the connection that was refused to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_server_that_refuses_says_what_to_do(server: str, monkeypatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "bukan-ini")
    with pytest.raises(DataError, match="password authentication failed") as caught:
        load(server)
    assert "CAKRA_DATABASE" in str(caught.value) and "bukan-ini" not in str(caught.value)
    del caught
    gc.collect()
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv(VARIABLE, server.replace("ana@", f"ana:{PASSWORD}@"))
    with pytest.raises(DataError, match="holds no table of a data set"):
        load(server)
    assert PASSWORD in list_secrets()


@pytest.mark.slow
@pytest.mark.parametrize("url", [SERVER], indirect=True)
def test_a_role_that_may_write_but_not_make(
    folder: Path, url: str, tmp_path: Path, monkeypatch
) -> None:
    schema, reports = url.partition("?schema=")[2], tmp_path / "reports"
    run(url, "DROP ROLE IF EXISTS penulis", f"CREATE ROLE penulis LOGIN PASSWORD '{PASSWORD}'",
        f"GRANT USAGE ON SCHEMA {schema} TO penulis")  # fmt: skip
    keep(reports, record("R", [gap("R", 0.5)]))
    writer = url.replace("ana@", "penulis@")
    with pytest.raises(DataError, match="permission denied for schema") as caught:
        write_dataset(load(folder), writer)
    assert "Ask whoever runs the database" in str(caught.value)
    write_dataset(load(folder), url)
    write_reports(reports, url)
    edit(folder, "ratings", 2, "level", "3")
    keep(reports, record("R", [gap("R", 0.75)]))
    may = f"SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema}"
    run(url, f"GRANT {may} TO penulis")
    assert write_dataset(load(folder), writer)["ratings"] == 1
    write_reports(reports, writer)
    assert run(url, "SELECT max(number) FROM cakra_published") == [(9.0,)]
    assert run(url, "SELECT value FROM cakra_gaps") == [(0.75,)]
    run(url, f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM penulis",
        f"REVOKE ALL ON SCHEMA {schema} FROM penulis", "DROP ROLE penulis")  # fmt: skip


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:///asn.db?schema=main", 'unknown option "schema"'),
        ("duckdb:///tidak/ada/asn.db", "there is no folder tidak/ada"),
    ],
)
def test_a_file_has_no_schema_of_sqlite_and_needs_its_folder(url: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        create_tables(url)


def test_the_password_file_of_postgresql_is_read(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    file = tmp_path / "pgpass"
    file.write_text("# kunci\nother:5432:asn:ana:satu\n*:5432:asn:ana:du\\:a\n")
    monkeypatch.setenv("PGPASSFILE", str(file))
    file.chmod(0o600)
    assert find_password("db", 5432, "asn", "ana") == "du:a"
    assert find_password("other", 5432, "asn", "ana") == "satu"
    assert find_password("db", 5432, "asn", "budi") == ""
    assert {"du:a", "satu"} <= set(list_secrets())
    file.chmod(0o644)
    with pytest.raises(DataError, match="others may read"):
        find_password("db", 5432, "asn", "ana")


@pytest.mark.slow
def test_a_server_is_asked_who_it_is(certificate: Path, monkeypatch) -> None:
    if not find_programs():
        pytest.skip("no initdb here: Debian's package postgresql is not installed")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)

    def fails_unless_encrypted(mode: str) -> None:
        with open_store(read_address(f"{url}?sslmode={mode}")) as store:
            store.run("SELECT 1 / ssl::int FROM pg_stat_ssl WHERE pid = pg_backend_pid()")

    with serve_postgres(certificate) as url:
        fails_unless_encrypted("require")
        with pytest.raises(DataError, match="division by zero"):
            fails_unless_encrypted("disable")
        with pytest.raises(DataError, match="SSL_CERT_FILE") as unknown:
            fails_unless_encrypted("verify-full")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        fails_unless_encrypted("verify-full")
    with serve_postgres() as url, pytest.raises(DataError, match="switch TLS on") as plain:
        fails_unless_encrypted("require")
    assert PASSWORD not in f"{unknown.value} {plain.value}"


@pytest.mark.slow
@pytest.mark.parametrize("url", SERVED, indirect=True)
def test_a_plan_may_name_a_database(folder: Path, url: str, tmp_path: Path) -> None:
    write_dataset(load(folder), url)
    where = tmp_path / "plan"
    where.mkdir()
    file = plan(where, ENTRY, data=Path("x"))
    file.write_text(file.read_text().replace('"x"', f'"{url}"'))
    first = prepare(file, where)
    assert {run.parameters["data"] for run in first.runs} == {url}
    kept = (where / ".cakra" / "plan.json").read_text()
    assert prepare(file, where) == first  # remembered, as nothing changed
    run(url, "UPDATE ratings SET level = 3 WHERE staff_id LIKE '%A2'")
    second = prepare(file, where)
    assert second.digests != first.digests
    assert (where / ".cakra" / "plan.json").read_text() != kept
    file.write_text(file.read_text().replace("://", "://ana:rahasia@"))
    with pytest.raises(PlanError, match="holds a password") as caught:
        prepare(file, where)
    assert "rahasia" not in str(caught.value)


@pytest.mark.slow
def test_a_file_is_found_from_the_plan(folder: Path, tmp_path: Path) -> None:
    where = tmp_path / "plan"
    where.mkdir()
    write_dataset(load(folder), f"sqlite:///{where}/asn.db")
    file = plan(where, ENTRY, data=Path("x"))
    file.write_text(file.read_text().replace('"x"', '"sqlite:///asn.db"'))
    runs = prepare(file, where).runs
    assert runs[0].parameters["data"] == f"sqlite:///{where.resolve()}/asn.db"


@pytest.mark.slow
def test_commands(folder: Path, tmp_path: Path, capsys) -> None:
    url = f"duckdb:///{tmp_path}/asn.duckdb"
    edit(folder, "ratings", 2, "level", "7")
    assert main(["db", "create", url, "--lang", "en"]) == 0
    assert main(["db", "load", str(folder), url]) == 1
    told = capsys.readouterr().out
    assert "1 row set aside and not written" in told
    assert "ratings                          2 added or changed" in told
    run(url, "CREATE TABLE lain (x TEXT)", "UPDATE ratings SET level = 8 WHERE level = 1")
    assert main(["check", url]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "Other tables of the database, not read: lain." in told
    assert "ratings │ 1 │ level │ 8" in told and "counted from 1" in told
    for arguments in (["check", "duckdb:///none.duckdb"], ["pseudonymise", url, "--to", "x"],
                      ["db", "create", "mysql://ana:rahasia@db/asn"]):  # fmt: skip
        assert main(arguments) == 2
        said = capsys.readouterr().err
        assert "Traceback" not in said and "rahasia" not in said


def test_typed_files_give_what_text_gives(folder: Path, tmp_path: Path) -> None:
    typed = tmp_path / "typed"
    typed.mkdir()
    for file in folder.glob("*.csv"):
        table = pd.read_csv(file)  # with the types that pandas finds
        table.to_parquet(typed / f"{file.stem}.parquet")
    one, other = load(folder), load(typed)
    for name in one.tables:
        assert_frame_equal(one[name], other[name])
    assert one.problems.empty and other.problems.empty


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["parquet", "duckdb"])
def test_a_list_in_a_cell_stands_as_its_text(folder: Path, tmp_path: Path, kind: str) -> None:
    cells = pd.DataFrame({"position_id": ["P"], "name": [["Lurah", "Camat"]],
                          "job_class": ["Pengawas"]})  # fmt: skip
    (folder / "positions.csv").unlink()
    cells.to_parquet(folder / "positions.parquet")
    place: Path | str = folder
    if kind == "duckdb":
        place = f"duckdb:///{tmp_path}/own.duckdb"
        for file in sorted(folder.glob("*.*")):
            if file.suffix in (".csv", ".parquet"):
                run(str(place), f"CREATE TABLE {file.stem} AS FROM '{file}'")
        run(str(place), "ALTER TABLE ratings ALTER cycle TYPE TEXT")
    assert load(place)["positions"]["name"].tolist() == ["['Lurah', 'Camat']"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("3.00"), "3"),
        (Decimal("2.50"), "2.5"),
        (1e-05, "0.00001"),
        (197001011990011001.0, "1.97001011990011E+17"),  # a float has lost digits of it
        (date(2026, 3, 14), "2026-03-14"),
        (float("nan"), ""),
    ],
)
def test_a_stored_value_is_written_as_its_reader_would(value: object, text: str) -> None:
    assert write_cell(value) == text


def record(unit: str, rows: list[dict], **more: object) -> dict:
    found = {
        "key": "needs.below.gap",
        "text": "Kalimat.",
        "part": "text",
        "n": 9,
        "values": {"a": 1},
    }
    table = {"name": "gaps", "keys": ["unit_id", "competency_id"], "rows": rows}
    return {
        "cycle": "2026", "notebook": "01_needs", "unit": unit, "audience": "leadership",
        "lang": "id", "when": "2026-12-01T04:47:14+08:00", "facts": {}, "findings": [found],
        "tables": [table], "dataset": "Contoh", "outline": "page", **more,
    }  # fmt: skip


def gap(unit: str, value: float | None) -> dict:
    return {"unit_id": unit, "competency_id": "M.1", "value": value, "low": None, "n": 9.0,
            "name_id": "Integritas", "suppressed": value is None}  # fmt: skip


def keep(folder: Path, *records: dict) -> None:
    where = folder / "2026" / "01-needs"
    where.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(records):
        (where / f"{content['unit']}.{number}.json").write_text(json.dumps(content))


@pytest.mark.parametrize("url", KINDS, indirect=True)
def test_reports_are_published_and_replaced(url: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no built reports"):
        write_reports(tmp_path, url)
    keep(tmp_path, record("R", [gap("R", 0.5), gap("A", 0.25)]), record("A", [gap("A", 0.25)]),
         record("R", [gap("R", 0.5)], outline="laporan"), {"cause": "x", "unit": "F"})  # fmt: skip
    assert write_reports(tmp_path, url) == {"cakra_findings": 2, "cakra_published": 15}
    assert sum(write_reports(tmp_path, url).values()) == 0
    asked = "SELECT unit_id, value, n, suppressed FROM cakra_gaps ORDER BY unit_id"
    assert run(url, asked) == [("A", 0.25, 9.0, "no"), ("R", 0.5, 9.0, "no")]
    later = {"when": "2026-12-02T04:47:14+08:00"}
    keep(tmp_path, record("R", [gap("R", 0.75), gap("A", None)], **later))
    (tmp_path / "2026" / "01-needs" / "A.1.json").unlink()
    write_reports(tmp_path, url)  # a withheld figure goes, and so does the report that had it
    assert run(url, asked) == [("A", None, 9.0, "yes"), ("R", 0.75, 9.0, "no")]
    assert run(url, "SELECT count(*) FROM cakra_published WHERE number = 0.25") == [(0,)]
    assert run(url, "SELECT sentence FROM cakra_latest_findings") == [("Kalimat.",)]


@pytest.mark.parametrize("url", ["sqlite", "duckdb"], indirect=True)
def test_what_the_folder_no_longer_has_is_withdrawn(url: str, tmp_path: Path) -> None:
    keep(tmp_path, record("R", [gap("R", 0.5)]), record("A", [gap("A", 0.25)], audience="public"),
         record("B", [gap("B", 0.75)], dataset="Lain"))  # fmt: skip
    write_reports(tmp_path, url)
    for file in (tmp_path / "2026" / "01-needs").iterdir():
        file.unlink()
    keep(tmp_path, record("R", [], findings=[]))
    write_reports(tmp_path, url)  # the other audience went, and a report that says nothing now
    for table in ("cakra_findings", "cakra_published"):
        assert run(url, f"SELECT DISTINCT dataset FROM {table}") == [("Lain",)]

"""Pseudonyms: the same person the same one, no way back, and neither key nor number anywhere."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import pickle
import stat
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from cakra_analysis.errors import DataError, MappingError, PrivacyError, SecretError
from cakra_analysis.identifiers import is_damaged, is_raw, tidy_identifier
from cakra_analysis.intake import disguise_tables, import_survey, read_mapping
from cakra_analysis.load import load
from cakra_analysis.privacy import PSEUDONYM, Key, make_key, pseudonymise, pseudonyms, read_key
from tests.conftest import ROOT, edit, write_rows
from tests.test_intake import EXPORT, PLAN

SECRET = bytes(range(32))  # no secret at all
NIPS = ["197001011990011001", "198505052010122002", "199503032023212009"]  # of nobody
NAME = "Zubaidah Wirakarsa"


def sign(*identifiers: object, key: Key | None = None) -> list[str]:
    return pseudonymise(pd.Series(list(identifiers)), key or Key(SECRET)).tolist()


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CAKRA_KEY", raising=False)
    monkeypatch.setenv("CAKRA_KEY_FILE", str(tmp_path / "keys" / "key"))
    return make_key()


def test_a_pseudonym_is_what_hmac_says() -> None:
    expected = [hmac.new(SECRET, nip.encode(), hashlib.sha256).digest() for nip in NIPS]
    assert sign(*NIPS) == ["P-" + base64.b32encode(code).decode()[:12] for code in expected]
    assert all(PSEUDONYM.fullmatch(code) for code in sign(*NIPS))


@pytest.mark.parametrize(
    "spelled",
    [
        "'197001011990011001",
        "`197001011990011001 ",
        "19700101 199001 1 001",
        "19700101.199001.1.001",
        "19700101-199001-1-001",
        "1970\u00a00101 1990\u00a001 1 001",
        "\u200b197001011990011001",
        "１９７００１０１１９９００１１００１",
        "NIP. 197001011990011001",
        "nip: 19700101 199001 1 001",
        "Fulan bin Fulan | 197001011990011001",
    ],
)
def test_a_person_has_one_pseudonym_however_written(spelled: str) -> None:
    assert sign(spelled) == sign(NIPS[0])


def test_another_key_or_person_is_another_pseudonym() -> None:
    other = Key(SECRET[::-1])
    assert set(sign(*NIPS)).isdisjoint(sign(*NIPS, key=other))
    assert other.code != Key(SECRET).code == Key(bytes(SECRET)).code
    assert len(set(sign(*NIPS, "S-1", "S1", "s-1", "01", "1"))) == 7  # S-1 and s-1 are one


def test_missing_stays_missing_and_a_pseudonym_itself() -> None:
    codes = pd.Series([NIPS[0], None, " ", "'"], index=[9, 4, 5, 7])
    once = pseudonymise(codes, Key(SECRET))
    assert once.isna().tolist() == [False, True, True, True] and once.index.tolist() == [9, 4, 5, 7]
    pd.testing.assert_series_equal(pseudonymise(once, Key(SECRET)), once)


@pytest.mark.parametrize(
    "cell",
    [
        "197001011990011000",
        "'197001011990011000",
        "197.001.011.990.011.000",
        "1.97001E+17",
        "1,97001E+17",
        "2E+17",
        "197001011990011001.0",
        "=A2",
        "#REF!",
        197001011990011001,
        1.97001011990011e17,
    ],
)
def test_what_a_spreadsheet_destroyed_is_refused_by_row(cell: object) -> None:
    with pytest.raises(DataError, match="in row 3") as caught:
        pseudonymise(pd.Series([NIPS[1], cell], index=[2, 3]), Key(SECRET))
    assert "1970" not in str(caught.value) and NIPS[1] not in str(caught.value)


def test_labels_that_may_be_persons_are_not_shown() -> None:
    with pytest.raises(DataError, match="1 rows") as caught:
        pseudonymise(pd.Series(["2E+17"], index=[int(NIPS[0])]), Key(SECRET))
    assert NIPS[0] not in str(caught.value)


def test_two_persons_never_share_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudonyms, "LETTERS", 1)
    with pytest.raises(PrivacyError, match="two persons"):
        sign(*[f"S{n}" for n in range(40)])


def test_raw_numbers_are_told_from_codes() -> None:
    raw = [*NIPS, "R" + NIPS[0], "19700101 199001 1 001", "5271 0541 0790 0001", "a.b@c.id"]
    raw += ["0819-1234-5678", "+62 819 1234 5678", "Fulan | " + NIPS[0]]
    assert [text for text in raw if not is_raw(text)] == []
    codes = ["S001", "P-M23DXJ6BBA47", "2026-03-01-2026-04-01-1", "123456789012", "R-19700101"]
    assert [text for text in codes if is_raw(text) or is_damaged(text)] == []
    assert tidy_identifier("") == "" and tidy_identifier("2026-1") != tidy_identifier("20261")


def test_a_key_shows_nothing_of_itself() -> None:
    key = Key(SECRET)
    said = f"{key} {key!r} {[key]} {vars(Key).get('__dict__')} {key.code}"
    assert SECRET.hex() not in said and base64.b64encode(SECRET).decode() not in said
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(AttributeError):
        key._secret = b""  # type: ignore[misc]


@pytest.mark.parametrize("form", ["hex", "HEX", "base64", "urlsafe", "bare"])
def test_a_key_is_read_in_every_form(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = bytes(range(224, 256))
    plain = base64.b64encode(secret).decode()
    forms = {"hex": secret.hex(), "HEX": secret.hex().upper(), "base64": plain}
    forms |= {"urlsafe": base64.urlsafe_b64encode(secret).decode(), "bare": plain.rstrip("=")}
    monkeypatch.delenv("CAKRA_KEY_FILE", raising=False)
    monkeypatch.setenv("CAKRA_KEY", forms[form] + "\n")
    assert read_key().code == Key(secret).code


@pytest.mark.parametrize("bad", ["ab" * 31, "00" * 32, "not a key!", "abc", "é" * 44])
def test_a_weak_key_is_refused_and_not_shown(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CAKRA_KEY_FILE", raising=False)
    monkeypatch.setenv("CAKRA_KEY", bad)
    with pytest.raises(SecretError) as caught:
        read_key()
    assert bad not in str(caught.value)


def test_without_a_key_it_says_how_to_make_one(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("CAKRA_KEY", raising=False)
    monkeypatch.setenv("CAKRA_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(SecretError, match="cakra key"):
        read_key()
    monkeypatch.setenv("CAKRA_KEY", SECRET.hex())
    with pytest.raises(SecretError, match="Both CAKRA_KEY and CAKRA_KEY_FILE"):
        read_key()


def test_a_key_file_is_made_once_for_its_owner_alone(key_file: Path) -> None:
    before = key_file.read_text()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600 and len(before.strip()) == 64
    with pytest.raises(SecretError, match="never replaced"):
        make_key(key_file)
    assert key_file.read_text() == before and [f.name for f in key_file.parent.iterdir()] == ["key"]
    assert read_key().code == Key(bytes.fromhex(before.strip())).code


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o700])
def test_a_key_that_others_may_use_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(SecretError, match="chmod 600"):
        read_key()


def test_a_key_stands_apart_from_code_and_data(key_file: Path, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "e.csv").touch()
    for near in (tmp_path, key_file.parent):
        with pytest.raises(SecretError, match="may not stand in"):
            read_key(apart_from=[near])
    monkeypatch.setenv("CAKRA_KEY_FILE", str(tmp_path / "link"))
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data" / "key")
    key_file.rename(tmp_path / "data" / "key")
    with pytest.raises(SecretError, match="may not stand in"):
        read_key(apart_from=[tmp_path / "data"])
    assert read_key(apart_from=[tmp_path / "e.csv", tmp_path / "new"])
    (tmp_path / ".git").mkdir()
    with pytest.raises(SecretError, match="may not stand in"):
        read_key()
    with pytest.raises(SecretError, match="may not stand in"):
        make_key(ROOT / "reports" / "key")
    assert not (ROOT / "reports" / "key").exists()


def test_load_refuses_raw_numbers_and_names_the_way_out(folder: Path) -> None:
    for table in ("staff", "ratings"):
        edit(folder, table, 2, "staff_id", NIPS[0])
    with pytest.raises(DataError) as caught:
        load(folder)
    assert "cakra pseudonymise" in str(caught.value) and NIPS[0] not in str(caught.value)
    assert "column staff_id" in str(caught.value) and "row 2" in str(caught.value)


def test_an_import_of_raw_numbers_asks_for_pseudonyms(tmp_path: Path) -> None:
    mapping, export = tmp_path / "m.toml", tmp_path / "e.csv"
    mapping.write_text(PLAN)
    pd.DataFrame(EXPORT | {"No": NIPS}).to_csv(export, index=False)
    with pytest.raises(MappingError, match="pseudonym = true"):
        import_survey(mapping, export)
    mapping.write_text(PLAN.replace('"No"', '"No"\npseudonym = true\nprefix = "R"'))
    with pytest.raises(MappingError, match="takes no prefix"):
        read_mapping(mapping)


def raw_tables(folder: Path) -> Path:
    """The tiny data set with raw numbers, names and a course with comments."""
    staff = pd.read_csv(folder / "staff.csv", dtype=str)
    of = dict(zip(staff["staff_id"], NIPS, strict=False))
    staff.assign(staff_id=staff["staff_id"].map(of), nama=[NAME, "Fulanah"]).to_csv(
        folder / "staff.csv", index=False
    )
    ratings = pd.read_csv(folder / "ratings.csv", dtype=str)
    spelled = ratings["staff_id"].map(of).map(lambda n: f"'{n[:8]} {n[8:14]} {n[14]} {n[15:]}")
    ratings.assign(staff_id=spelled).to_csv(folder / "ratings.csv", index=False)
    said = f"menurut saya wirakarsa sabar, hubungi 0819-1234-5678 atau NIP {NIPS[2]}"
    columns = ["session_id", "respondent", "text"]
    write_rows(folder / "comments.csv", [columns, ["A1", NIPS[2], said], ["A1", "2", "baik"]])
    return folder


def test_tables_are_linked_as_before_and_name_nobody(folder: Path) -> None:
    result = disguise_tables(raw_tables(folder), Key(SECRET))
    staff, ratings = result.tables["staff"], result.tables["ratings"]
    assert staff["staff_id"].tolist() == sign(*NIPS[:2]) and "nama" not in staff
    assert ratings["staff_id"].tolist() == [staff["staff_id"].iloc[i] for i in (0, 1, 1)]
    assert result.tables["comments"]["text"].tolist() == [
        "menurut saya [nama] sabar, hubungi [nomor] atau NIP [nomor]",
        "baik",
    ]
    assert (result.persons, result.dropped, result.names, result.masked) == (
        4,
        ["staff.nama"],
        2,
        1,
    )


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("staff", "staff_id", "197001011990011000", "column staff_id: a spreadsheet has rounded"),
        ("units", "name", f"Unit {NIPS[0]}", 'column "name" holds numbers or addresses'),
        ("staff", "alamat", "Gang Fulan 1", 'column "alamat" is not known'),
    ],
)
def test_what_cannot_be_disguised_is_refused(
    folder: Path, table: str, column: str, value: str, said: str
) -> None:
    edit(raw_tables(folder), table, 3, column, value)
    with pytest.raises(DataError) as caught:
        disguise_tables(folder, Key(SECRET))
    assert said in str(caught.value) and value not in str(caught.value).replace("column", "")


def test_numbers_in_a_workbook_are_refused(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "raw.xlsx"
    with pd.ExcelWriter(file) as book:
        for csv in sorted(raw_tables(folder).glob("*.csv")):
            table = pd.read_csv(csv, dtype=str)
            if csv.stem == "staff":
                table["staff_id"] = table["staff_id"].astype("object")
                table.loc[1, "staff_id"] = int(NIPS[1])
            table.to_excel(book, sheet_name=csv.stem, index=False)
    with pytest.raises(DataError, match="stored as a number in row 3"):
        disguise_tables(file, Key(SECRET))


def call(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cakra_analysis", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=os.environ | env)


@pytest.mark.slow
def test_neither_key_nor_number_nor_name_is_anywhere(folder: Path, tmp_path_factory) -> None:
    where = tmp_path_factory.mktemp("run")
    file, mapping, export = where / "secret" / "key", where / "m.toml", where / "e" / "e.csv"
    env = {"CAKRA_KEY": "", "CAKRA_KEY_FILE": str(file)}
    mapping.write_text(PLAN.replace('"No"', '"No"\npseudonym = true\nduplicates = "last"'))
    export.parent.mkdir()
    answers = {"No": [NIPS[0], NIPS[1], NIPS[0]], "Nama": [NAME] * 3}
    answers["Kebutuhan [Literasi]"] = ["Perlu", f"lihat {NIPS[2]}", "entah, kata Pak Wirakarsa"]
    pd.DataFrame(EXPORT | answers).to_csv(export, index=False)
    raw, out = raw_tables(folder), str(where / "out")
    runs = [
        call("import", str(mapping), str(export), "--to", out, env=env),  # no key yet
        call("key", env=env),
        call("key", env=env),
        call("import", str(mapping), str(export), "--to", out, env=env),
        call("check", out, env=env),
        call("check", str(raw), env=env),
        call("pseudonymise", str(raw), "--to", str(where / "out2"), env=env),
        call("pseudonymise", str(raw), "--to", str(where / "out2"), env=env),
    ]
    secret = file.read_text().strip()
    runs.append(call("check", out, env=env | {"CAKRA_KEY": secret}))
    runs.append(call("pseudonymise", out, "--to", out, env=env | {"CAKRA_KEY": secret}))
    runs.append(call("pseudonymise", out, "--to", out, env={"CAKRA_KEY": secret[:40]}))
    assert [run.returncode for run in runs] == [2, 0, 2, 0, 0, 2, 0, 2, 0, 2, 2]
    written = [f for f in where.rglob("*") if f.is_file() and f not in (file, export, mapping)]
    assert {f.parent.name for f in written} == {"out", "out2"} and len(written) > 15
    said = "\n".join([run.stdout + run.stderr for run in runs] + [f.read_text() for f in written])
    assert "Traceback" not in said and sign(NIPS[0], key=Key(bytes.fromhex(secret)))[0] in said
    for hidden in (secret, secret[:40], *NIPS, NIPS[0][8:], *NAME.split(), "0819-1234"):
        assert hidden.lower() not in said.lower(), hidden

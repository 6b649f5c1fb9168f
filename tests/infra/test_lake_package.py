"""The lake's functions have a package of their own: DuckDB, and what they need of the rest."""

import importlib.metadata
import json

from chalicelib.bi.tables import TABLES, folder
from infra import closure, deploy, package
from tests.infra.conftest import alone, imports_of, is_compiled, of_type

MB = 1_000_000
PACKAGE = package.LAKE


def test_it_stays_small(inside):
    zipped = (package.BUILD / "lambda" / "lake.zip").stat().st_size

    assert zipped <= 45 * MB
    assert sum(p.stat().st_size for p in inside.rglob("*") if p.is_file()) <= 170 * MB


def test_it_holds_what_its_functions_need_and_no_more(inside):
    named = {d.metadata["Name"] for d in importlib.metadata.distributions(path=[str(inside)])}

    assert named == {
        "boto3", "botocore", "duckdb", "h3", "jmespath", "orjson", "pynamodb", "python-dateutil",
        "s3transfer", "six", "tzdata", "urllib3",
    }  # fmt: skip
    assert (inside / "chalicelib" / "bi" / "kpis.py").is_file()
    assert not (inside / "chalicelib" / "handlers").exists()
    assert not (inside / "chalicelib" / "wiring").exists()


def test_every_module_is_compiled(inside):
    is_compiled(inside)


def test_the_same_sources_give_the_same_bytes(host):
    first = package.digest(package.BUILD / "host" / "lake.zip")

    assert package.digest(package.bundle("host", PACKAGE)) == first


def test_it_runs_from_the_package_alone(host):
    """Every handler of the template's is there, and everything it would import later."""
    number, script = imports_of(PACKAGE)
    done = alone(
        host,
        "import lake.functions, _duckdb\n" + script + "from lake import parquet\n"
        "with parquet.engine() as engine:\n"
        "    print(engine.execute('SELECT 6 * 7').fetchone()[0])\n",
    )

    assert number > 100
    assert (done.returncode, done.stdout.strip()) == (0, "42"), done.stderr[-3000:]


def test_each_function_gets_the_code_its_handler_is_in(template_file, functions):
    uris = {module: f"s3://bucket/{module}.zip" for module in package.PACKAGES}
    deployed = json.loads(deploy._with_code(template_file, uris))["Resources"]
    modules = {n: f["Properties"]["Handler"].partition(".")[0] for n, f in functions.items()}

    assert (modules["Figures"], modules["PlanTeam"]) == ("lake", "planner")
    for name, module in modules.items():
        assert deployed[name]["Properties"]["CodeUri"] == f"s3://bucket/{module}.zip"


def test_the_api_may_ask_for_figures_and_knows_where(resources, functions):
    handler = functions["APIHandler"]["Properties"]
    policies = resources["ApiHandlerRole"]["Properties"]["Policies"]
    (asked,) = [
        statement["Resource"]
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if "lambda:InvokeFunction" in statement["Action"]
    ]

    assert asked == [{"Fn::GetAtt": ["Figures", "Arn"]}]
    assert handler["Environment"]["Variables"]["FIGURES_FUNCTION"] == {"Ref": "Figures"}
    assert functions["Figures"]["Properties"]["Timeout"] < handler["Timeout"]


def test_athenas_tables_are_those_of_the_files_by_portfolio_and_day(resources):
    tables = {
        one["Properties"]["TableInput"]["Name"]: one["Properties"]
        for one in of_type(resources, "AWS::Glue::Table").values()
    }

    assert set(tables) == set(TABLES)
    for name, table in TABLES.items():
        told = tables[name]["TableInput"]
        assert [one["Name"] for one in told["StorageDescriptor"]["Columns"]] == list(table.names)
        assert [one["Name"] for one in told["PartitionKeys"]] == ["portfolio", "day"]
        # Nobody reads what lies there without saying whose it is.
        assert told["Parameters"]["projection.portfolio.type"] == "injected"
        where = told["Parameters"]["storage.location.template"]["Fn::Sub"]
        where = where.replace("${!", "${").replace("${Lake}", "b")
        day = where.replace("${portfolio}", "prt_1").replace("${day}", "2026-01-02")
        assert day == f"s3://b/{folder(name, 'prt_1', '2026-01-02')}"


def test_queries_are_bounded_and_their_answers_encrypted(resources):
    (group,) = of_type(resources, "AWS::Athena::WorkGroup").values()
    settings = group["Properties"]["WorkGroupConfiguration"]

    assert settings["EnforceWorkGroupConfiguration"]
    assert settings["BytesScannedCutoffPerQuery"] <= 100 << 30
    encrypted = settings["ResultConfiguration"]["EncryptionConfiguration"]
    assert encrypted["KmsKey"] == {"Fn::GetAtt": ["Key", "Arn"]}
    rules = resources["Lake"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert {"answers/", "spool/"} <= {rule.get("Prefix") for rule in rules}


def test_what_is_of_agents_goes_when_their_trails_do(resources):
    rules = resources["Lake"]["Properties"]["LifecycleConfiguration"]["Rules"]
    ends = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "Prefix" in rule}

    for table in (one for one in TABLES.values() if one.trail):
        for prefix in (f"lake/{table.name}/", f"lake/_manifests/{table.name}/"):
            assert ends[prefix] == {"Ref": "TrailDays"}
    assert {one.name for one in TABLES.values() if "person_id" in one.names} == {
        "visits", "shifts", "pings"
    }  # fmt: skip


def test_what_only_type_checkers_read_is_not_followed(tmp_path):
    (tmp_path / "lake").mkdir()
    for name, text in {
        "__init__": "",
        "a": "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from lake import c\ndef f():\n    from lake.b import x\n",
        "b": "import os\nx = 1\n",
        "c": "",
    }.items():
        (tmp_path / "lake" / f"{name}.py").write_text(text)

    assert set(closure.modules(["lake.a"], tmp_path)) == {"lake", "lake.a", "lake.b"}

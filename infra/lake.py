"""
The lake's database and tables for Athena, from the one list of columns (``bi.tables``).

Partitions are projected: no list of days to keep, and a query has to name its portfolio.
"""

from typing import Any

from chalicelib.bi.tables import ROOT, TABLES, VERSION, Table

ATHENA_TYPES = {
    "text": "string",
    "int": "bigint",
    "bool": "boolean",
    "date": "date",
    "moment": "timestamp",
}
DAYS = "2000-01-01,NOW+2DAYS"  # in UTC; a portfolio's day may be ahead of it
DATABASE = "LakeDatabase"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"


def resources() -> dict[str, Any]:
    """The resources by their logical ids."""
    made: dict[str, Any] = {
        DATABASE: {
            "Type": "AWS::Glue::Database",
            "Properties": {
                "CatalogId": {"Ref": "AWS::AccountId"},
                "DatabaseInput": {"Name": {"Fn::Sub": "recobro_${Stage}"}},
            },
        }
    }
    for table in TABLES.values():
        made[logical_id(table.name)] = {
            "Type": "AWS::Glue::Table",
            "Properties": {
                "CatalogId": {"Ref": "AWS::AccountId"},
                "DatabaseName": {"Ref": DATABASE},
                "TableInput": table_input(table),
            },
        }
    return made


def logical_id(table: str) -> str:
    return f"Lake{table.capitalize()}"


def table_input(table: Table) -> dict[str, Any]:
    """What Glue is told of a table."""
    where = f"s3://${{Lake}}/{ROOT}/{table.name}/{VERSION}"
    return {
        "Name": table.name,
        "Description": table.es,
        "TableType": "EXTERNAL_TABLE",
        "PartitionKeys": [
            {"Name": "portfolio", "Type": "string"},
            {"Name": "day", "Type": "string"},
        ],
        "Parameters": {
            "EXTERNAL": "TRUE",
            "classification": "parquet",
            "projection.enabled": "true",
            "projection.portfolio.type": "injected",
            "projection.day.type": "date",
            "projection.day.format": "yyyy-MM-dd",
            "projection.day.range": DAYS,
            "storage.location.template": {
                "Fn::Sub": f"{where}/portfolio=${{!portfolio}}/day=${{!day}}/"
            },
        },
        "StorageDescriptor": {
            "Location": {"Fn::Sub": f"{where}/"},
            "Columns": [
                {"Name": one.name, "Type": ATHENA_TYPES[one.kind], "Comment": one.es}
                for one in table.columns
            ],
            "InputFormat": f"{_PARQUET}.MapredParquetInputFormat",
            "OutputFormat": f"{_PARQUET}.MapredParquetOutputFormat",
            "SerdeInfo": {"SerializationLibrary": f"{_PARQUET}.serde.ParquetHiveSerDe"},
        },
    }

"""
The OpenAPI 3.1 document, made from what the routes declare and the models they name.

Small enough to be ours: the libraries that do this for Chalice want their own decorators and
schema language beside pydantic's.
"""

import functools
import inspect
import re
from typing import Any

from pydantic.json_schema import models_json_schema

from chalicelib.handlers import queries, web
from chalicelib.handlers.models import model

SERVER = "/api/v1"
VERSION = "1.0.0"
PROBLEM = "common:Problem"
# What each operation may answer besides its own status.
REFUSALS = {
    "401": "Not signed in, or no longer.",
    "403": "Not for this role.",
    "404": "No such thing, or none that the caller may see.",
    "409": "Something else happened first; read again.",
    "422": "A field makes no sense; `details.field` names it.",
    "429": "Too often; `Retry-After` says when.",
}
KINDS = {"int": "integer", "degrees": "number"}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Made by the client; a repeat with the same key does nothing again.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 128},
}
RESCUED_HEADER = {
    "name": "X-Recobro-Of",
    "in": "header",
    "required": False,
    "description": "Id of an agent who left, whose unsent work a manager brings.",
    "schema": {"type": "string", "maxLength": 80},
}


@functools.cache
def document() -> dict[str, Any]:
    """Describe every route that was registered."""
    routes = sorted(web.ROUTES.items())
    schemas, refs = _schemas([registered.operation for _, registered in routes])
    paths: dict[str, Any] = {}
    for (path, method), registered in routes:
        described = _operation(path, registered, refs)
        paths.setdefault(path, {})[method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Recobro",
            "version": VERSION,
            "description": "Humane debt collection for Latin America. Guide: docs/api.md.",
        },
        "servers": [{"url": SERVER}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A person's access token, or a service token (`rcb_...`).",
                }
            },
            "schemas": schemas,
        },
    }


def _schemas(operations: list[web.Operation]) -> tuple[dict[str, Any], dict[Any, Any]]:
    wanted: list[Any] = [(model(PROBLEM), "serialization")]
    for operation in operations:
        if operation.body:
            wanted.append((model(operation.body), "validation"))
        if operation.answer:
            wanted.append((model(operation.answer), "serialization"))
    refs, whole = models_json_schema(
        list(dict.fromkeys(wanted)), ref_template="#/components/schemas/{model}"
    )
    return whole["$defs"], dict(refs)


def _operation(path: str, registered: web.Route, refs: dict[Any, Any]) -> dict[str, Any]:
    operation = registered.operation
    summary, _, description = inspect.cleandoc(registered.view.__doc__ or "").partition("\n\n")
    resource = registered.view.__module__.rpartition(".")[2]
    described: dict[str, Any] = {
        "operationId": f"{resource}.{registered.view.__name__}",
        "tags": [resource],
        "summary": " ".join(summary.split()),
    }
    if description:
        described["description"] = " ".join(description.split())
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    parameters += [_query(parameter) for parameter in operation.query]
    if operation.idempotent:
        parameters.append(KEY_HEADER)
    if operation.rescued:
        parameters.append(RESCUED_HEADER)
    if parameters:
        described["parameters"] = parameters
    if operation.body:
        schema = refs[model(operation.body), "validation"]
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    described["responses"] = _responses(operation, refs)
    if operation.public:
        described["security"] = []
    return described


def _responses(operation: web.Operation, refs: dict[Any, Any]) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done."}
    if operation.answer:
        schema = refs[model(operation.answer), "serialization"]
        done["content"] = {"application/json": {"schema": schema}}
    refused = {"application/problem+json": {"schema": refs[model(PROBLEM), "serialization"]}}
    repeated = {} if operation.again is None else {str(operation.again): done}
    return (
        {str(operation.status): done}
        | repeated
        | {status: {"description": text, "content": refused} for status, text in REFUSALS.items()}
    )


def _query(parameter: web.Query) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": KINDS.get(parameter.kind, "string")}
    if parameter.kind == "date":
        schema["format"] = "date"
    if choices := parameter.one_of():
        schema["enum"] = list(choices)
    if parameter.name == "limit":
        schema |= {"minimum": 1, "maximum": queries.MAX_LIMIT}
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.about,
        "schema": schema,
    }

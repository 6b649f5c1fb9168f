"""Strategies, segments, dry runs and A/B results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.errors import PortfolioNotFound
from chalicelib.domain.plain import to_plain
from chalicelib.handlers import actors, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import contact as contact_types
    from chalicelib.domain import prices
    from chalicelib.domain import task as task_types
    from chalicelib.services import (
        dry_runs,
        experiments,
        plan_limits,
        segment_counts,
        strategies,
        strategies_in_force,
    )
    from chalicelib.strategies import model, ready_made, rules

if TYPE_CHECKING:
    from chalicelib.domain.dry_run import DryRun
    from chalicelib.domain.portfolio import Portfolio
    from chalicelib.strategies.model import Strategy

bp = Blueprint(__name__)

BASE = "/portfolios/{portfolio_id}"
ONE = f"{BASE}/strategies/{{strategy_id}}"


@web.route(bp, "GET /strategy-vocabulary", answer="strategies:Vocabulary")
def vocabulary(_call: web.Call) -> dict[str, Any]:
    """List what strategies may be made of, and the ready-made ones."""
    return {
        "fields": [
            {"name": name, "kind": field.kind, "ops": rules.OPS[field.kind]}
            for name, field in rules.FIELDS.items()
        ],
        "events": list(model.CaseEvent),
        "channels": list(contact_types.Channel),
        "work": list(task_types.OF_STRATEGIES),
        "ready_made": [
            {
                "code": each.code,
                "names": dict(each.names),
                "texts": dict(each.texts),
                "rule": each.rule,
                "steps": each.strategy("", "", "es").steps,
            }
            for each in ready_made.ready_made().values()
        ],
    }


@web.route(bp, f"GET {BASE}/strategies", answer="strategies:Strategies")
def list_strategies(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List a portfolio's strategies, newest version of each, and its segments."""
    found, playbook = strategies.listed(
        portfolio_id, actor=call.actor, strategies=wiring.strategies()
    )
    portfolio = _portfolio(portfolio_id)
    return {
        "items": [_shown(each, portfolio) for each in found],
        "playbook": playbook,
        "prices": plan_limits.list_prices(portfolio),
        "lacking": strategies_in_force.lacking(portfolio),
    }


@web.route(
    bp,
    f"POST {BASE}/strategies",
    body="strategies:NewStrategy",
    answer="strategies:Strategy",
    status=201,
)
def create(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Start a strategy as a draft: from a ready-made one, from content, or empty."""
    made = strategies.create(
        portfolio_id,
        from_ready_made=call.body.ready_made,
        content=call.body.content.model_dump(mode="json") if call.body.content else None,
        key=call.key,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        strategies=wiring.strategies(),
        now=call.now,
    )
    return _shown(made, _portfolio(portfolio_id))


@web.route(bp, f"GET {ONE}", answer="strategies:Versions")
def versions(call: web.Call, portfolio_id: str, strategy_id: str) -> dict[str, Any]:
    """Give every version of a strategy, newest first."""
    found = strategies.versions(
        portfolio_id, strategy_id, actor=call.actor, strategies=wiring.strategies()
    )
    portfolio = _portfolio(portfolio_id)
    return {"items": [_shown(each, portfolio) for each in found]}


@web.route(bp, f"PUT {ONE}", body="strategies:ChangeStrategy", answer="strategies:Strategy")
def write(call: web.Call, portfolio_id: str, strategy_id: str) -> dict[str, Any]:
    """Put new content: over the draft, or as the version after the published one."""
    stored = strategies.write(
        portfolio_id,
        strategy_id,
        call.body.content.model_dump(mode="json"),
        edit=call.body.edit,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        strategies=wiring.strategies(),
        now=call.now,
    )
    return _shown(stored, _portfolio(portfolio_id))


@web.route(
    bp, f"POST {ONE}/publication", body="strategies:Publication", answer="strategies:Strategy"
)
def publish(call: web.Call, portfolio_id: str, strategy_id: str) -> dict[str, Any]:
    """Publish the draft with the day it is valid from; it never changes again."""
    published = strategies.publish(
        portfolio_id,
        strategy_id,
        valid_from=call.body.valid_from,
        edit=call.body.edit,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        strategies=wiring.strategies(),
        work=wiring.plan_jobs(),
        now=call.now,
    )
    return _shown(published, _portfolio(portfolio_id))


@web.route(bp, f"POST {ONE}/archival", answer="strategies:Strategy")
def archive(call: web.Call, portfolio_id: str, strategy_id: str) -> dict[str, Any]:
    """Take a strategy that no segment uses out of use."""
    archived = strategies.archive(
        portfolio_id,
        strategy_id,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        strategies=wiring.strategies(),
    )
    return _shown(archived, _portfolio(portfolio_id))


VERSION = web.Query(name="version", about="Version of the strategy.", kind="int", required=True)
COUNTED = web.Query(name="cursor", about="Of the answer before: goes on counting from there.")


@web.route(bp, f"GET {ONE}/experiment", answer="strategies:Experiment", query=(VERSION, COUNTED))
def experiment(call: web.Call, portfolio_id: str, strategy_id: str) -> dict[str, Any]:
    """Tell who paid since taking part in a version's A/B test, by arm."""
    found = experiments.result(
        portfolio_id,
        strategy_id,
        call.query["version"],
        actor=call.actor,
        strategies=wiring.strategies(),
        enrolments=wiring.enrolments(),
        heads=wiring.cases(),
        cursor=call.query.get("cursor"),
    )
    plain: dict[str, Any] = to_plain(found)
    return plain


@web.route(
    bp, f"PUT {BASE}/playbook", body="strategies:ChangePlaybook", answer="strategies:Playbook"
)
def put_playbook(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Replace segments and budget; every case is looked at again."""
    stored = strategies.put_playbook(
        portfolio_id,
        call.body.model_dump(mode="json", exclude={"version"}),
        version=call.body.version,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        strategies=wiring.strategies(),
        work=wiring.plan_jobs(),
        now=call.now,
    )
    plain: dict[str, Any] = to_plain(stored)
    return plain


@web.route(
    bp,
    f"POST {BASE}/segment-counts",
    body="strategies:CountSegments",
    answer="strategies:SegmentCounts",
)
def count_segments(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Count the owing cases of segments, kept or not."""
    found = segment_counts.count(
        portfolio_id,
        call.body.model_dump(mode="json")["segments"],
        actor=call.actor,
        portfolios=wiring.portfolios(),
        cases=wiring.cases(),
        now=call.now,
    )
    keys = [each.segment_id for each in call.body.segments] + [""]
    return {
        "items": [
            {
                "segment_id": key,
                "cases": found.counts.get(key, 0),
                "balance_minor": found.balances.get(key, 0),
            }
            for key in keys
        ],
        "seen": found.seen,
        "sampled": found.sampled,
    }


@web.route(
    bp,
    f"POST {BASE}/dry-runs",
    body="strategies:NewDryRun",
    answer="strategies:DryRun",
    status=202,
)
def start_dry_run(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Ask what the plan would do on a day; nothing is sent."""
    made = dry_runs.start(
        portfolio_id,
        day=call.body.day,
        strategy_id=call.body.strategy_id,
        sample=call.body.sample,
        language=actors.language(call.actor),
        actor=call.actor,
        portfolios=wiring.portfolios(),
        strategies=wiring.strategies(),
        dry_runs=wiring.dry_runs(),
        work=wiring.plan_jobs(),
        now=call.now,
    )
    return _run(made)


@web.route(bp, f"GET {BASE}/dry-runs/{{dry_run_id}}", answer="strategies:DryRun")
def dry_run(call: web.Call, portfolio_id: str, dry_run_id: str) -> dict[str, Any]:
    """Tell how far a dry run is; with its files once it is done."""
    return _run(
        dry_runs.find(portfolio_id, dry_run_id, actor=call.actor, dry_runs=wiring.dry_runs())
    )


def _run(run: DryRun) -> dict[str, Any]:
    plain = to_plain(run)
    left_out = ("language", "created_by", "shard", "cursor", "files", "version")
    shown = {name: value for name, value in plain.items() if name not in left_out}
    urls = dry_runs.links(run, wiring.export_files())
    return shown | {"urls": urls, "cost_currency": prices.currency()}


def _portfolio(portfolio_id: str) -> Portfolio:
    found = wiring.portfolios().get(portfolio_id)
    if found is None:
        raise PortfolioNotFound
    return found


def _shown(strategy: Strategy, portfolio: Portfolio) -> dict[str, Any]:
    draft = strategy.state is model.StrategyState.DRAFT
    found = strategies_in_force.problems(strategy, portfolio) if draft else ()
    shown: dict[str, Any] = to_plain(strategy) | {"problems": to_plain(found)}
    return shown

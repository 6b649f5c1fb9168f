"""What ``make run`` does before it starts anything, and what it does not do twice."""

import socket

import pytest

from local import packaged, processes, run, stack


@pytest.fixture
def somebody():
    """Another program, listening."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def free():
    """Four ports in the order of ``stack.Ports``."""
    return [processes.free_port() for _ in range(4)]


@pytest.mark.parametrize(
    ("place", "engine"),
    [(0, "ministack"), (1, "ministack"), (2, "dynamodb-local"), (3, "ministack")],
)
def test_a_port_that_is_taken_is_told_before_anything_begins(
    somebody, free, place, engine, tmp_path
):
    free[place] = somebody
    front, cloud, dynamodb, providers = free
    ports = stack.Ports(front=front, cloud=cloud, dynamodb=dynamodb, providers=providers)

    with pytest.raises(processes.PortTaken, match=rf"^Port {somebody} is taken.*make run .*PORT="):
        stack.ensure(ports=ports, state=tmp_path, engine=engine)
    assert list(tmp_path.iterdir()) == []  # no build, no record of a process


def test_a_port_that_nothing_here_needs_may_be_taken(somebody, free, tmp_path, monkeypatch):
    """DynamoDB Local's, when it is not asked for."""

    class Begins(Exception):
        pass

    def begins():
        raise Begins

    monkeypatch.setattr(stack.site, "build", begins)
    ports = stack.Ports(front=free[0], cloud=free[1], dynamodb=somebody, providers=free[3])

    with pytest.raises(Begins):
        stack.ensure(ports=ports, state=tmp_path)


def test_make_run_says_which_port_and_stops_nothing(somebody, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(run.signal, "signal", lambda *_: None)  # the test's own stay
    status = run.main(["up", "--port", str(somebody), "--state", str(tmp_path)])

    said = capsys.readouterr()
    assert status == 1
    assert f"Port {somebody} is taken by another program." in said.err
    assert f"make run PORT={somebody + 80}" in said.err
    assert said.out == ""


@pytest.fixture
def sources(tmp_path):
    root = tmp_path / "project"
    (root / "chalicelib").mkdir(parents=True)
    (root / "infra").mkdir()
    (root / "lake").mkdir()
    (root / "planner").mkdir()
    (root / "frontend" / "pages").mkdir(parents=True)
    for name in (
        "app.py",
        "chalicelib/one.py",
        "frontend/pages/pages.json",
        "requirements.in",
        "requirements.txt",
        "requirements-lake.in",
        "requirements-lake.txt",
        "requirements-planner.in",
        "requirements-planner.txt",
    ):
        (root / name).write_text("1")
    return root


def test_packaging_is_done_again_only_when_something_changed(sources, tmp_path, monkeypatch):
    state, bundle = tmp_path / "state", tmp_path / "deployment.zip"
    state.mkdir()
    made = []

    def template(folder):
        made.append("template")
        folder.mkdir(exist_ok=True)
        (folder / "template.json").write_text("{}")
        return folder / "template.json"

    def zipped(target):
        bundle.write_bytes(f"bundle {len(made)}".encode())
        return {"app": bundle}

    monkeypatch.setattr(packaged.build, "build", template)
    monkeypatch.setattr(packaged.package, "bundles", zipped)

    def again():
        return packaged.packaged(state, sources)[2] == "unchanged"

    assert [again(), again()] == [False, True]
    (sources / "chalicelib" / "one.py").write_text("2")
    assert [again(), again()] == [False, True]
    (sources / "lake" / "two.py").write_text("")
    assert [again(), again()] == [False, True]
    (sources / "planner" / "two.py").write_text("")
    assert [again(), again()] == [False, True]
    bundle.write_bytes(b"of other sources")
    assert [again(), again()] == [False, True]
    assert made == ["template"] * 5

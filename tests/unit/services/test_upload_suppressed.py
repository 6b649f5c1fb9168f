"""A file that brings back what people had erased: debts are loaded, what was erased is not."""

import pytest

from chalicelib.domain import ids
from chalicelib.domain.contact import HoldReason
from chalicelib.domain.draft import Draft
from chalicelib.domain.task import TaskState
from chalicelib.domain.upload import UploadMode
from chalicelib.services import suppression
from chalicelib.services import uploads as use
from tests.builders import NOW, a_portfolio, change_of
from tests.rights_world import PID, ROOT
from tests.suppression_fakes import suppression_means
from tests.upload_fakes import Bench

HEAD = (
    "número de cliente,nombre del cliente,rfc,teléfono,teléfono 2,correo,dirección,ciudad,"
    "código postal,número de factura,monto,fecha de vencimiento"
)
OFELIA = (
    "C-1,Ofelia Ibarra,GODE561231GR8,5512345678,5587654321,ofelia@correo.mx,Juárez 5,Puebla,72000"
)
BRUNO = "C-2,Bruno Cruz,,5511112222,,bruno@correo.mx,Reforma 8,Puebla,72010"
PHONE, OTHER_PHONE = ("phone", "+525512345678"), ("phone", "+525587654321")
EMAIL, TAX = ("email", "ofelia@correo.mx"), ("tax", "GODE561231GR8")
ADDRESS = ("address", "JUAREZ 5 PUEBLA 72000")


def csv(*rows):
    return "\n".join([HEAD, *rows]) + "\n"


FILE = csv(f"{OFELIA},F-1,1000,2026-01-15", f"{BRUNO},F-2,2500,2026-01-15")


class World:
    def __init__(self):
        self.bench = Bench(a_portfolio(PID))
        self.means = suppression_means()
        self.bench.suppressed = lambda values: suppression.found(PID, values, means=self.means)

    def suppress(self, *values):
        suppression.suppress(PID, values, request_id="drq_1", now=NOW, means=self.means)

    def load(self, body, **wishes):
        return self.bench.load(ROOT, body, mode=UploadMode.DEBTS, **wishes)

    def case(self, debtor="C-1"):
        return self.bench.cases.open(ids.case_id(PID, f"id:{debtor.casefold()}"))

    def points(self, debtor="C-1"):
        file = self.case(debtor)
        return {one.value for one in file.contacts} | {one.lines for one in file.addresses}

    def lift(self, hold_id):
        draft = Draft(self.case(), self.bench.portfolio, actor=ROOT.actor_id, now=NOW)
        draft.lift(hold_id)
        self.bench.cases.commit(change_of(draft))

    def forget(self):
        """Erase Ofelia's case, as an erasure that was granted does."""
        draft = Draft(self.case(), self.bench.portfolio, actor=ROOT.actor_id, now=NOW)
        while draft.forget("7Q2M-0K4T", marks=lambda _: (), most_items=60):
            change = change_of(draft)
            self.bench.cases.commit(change)
            draft = Draft(self.case(), self.bench.portfolio, actor=ROOT.actor_id, now=NOW)

    def undo(self, upload):
        bench = self.bench
        use.undo(
            PID, upload.upload_id, actor=ROOT, uploads=bench.uploads, steps=bench.steps, now=NOW
        )
        return bench.pump(upload)


@pytest.fixture
def world():
    return World()


def warnings(upload):
    return {(one["code"], one["field"]): one["rows"] for one in upload.extra["warnings"]}


def test_without_a_list_a_file_loads_as_ever(world):
    done = world.load(FILE)

    assert (done.applied.created, done.extra["warnings"]) == (2, [])
    assert world.points() == {"+525512345678", "+525587654321", "ofelia@correo.mx", "Juárez 5"}
    assert world.means.suppressions.asked == []


def test_what_was_erased_is_not_stored_and_the_row_counts_as_loaded(world):
    world.suppress(PHONE)
    done = world.load(FILE)

    assert (done.applied.created, done.applied.rejected) == (2, 0)
    assert world.points() == {"+525587654321", "ofelia@correo.mx", "Juárez 5"}
    assert warnings(done) == {("value.suppressed", "phone"): [2]}
    assert world.case().head.balance_minor == 100_000
    assert world.case().holds == ()  # a phone may be a household's
    assert world.points("C-2") == {"+525511112222", "bruno@correo.mx", "Reforma 8"}


def test_the_review_tells_it_before_anything_is_written(world):
    world.suppress(PHONE, EMAIL, ADDRESS)
    ready = world.bench.start(ROOT, FILE, mode=UploadMode.DEBTS)

    if ready.state.value == "needs_mapping":
        use.put_mapping(
            PID, ready.upload_id, ready.mapping, actor=ROOT, uploads=world.bench.uploads,
            steps=world.bench.steps, now=NOW,
        )  # fmt: skip
        ready = world.bench.pump(ready)
    assert ready.checked.created == 2
    assert set(warnings(ready)) == {
        ("value.suppressed", "phone"),
        ("value.suppressed", "email"),
        ("value.suppressed", "address"),
        ("debtor.suppressed", "phone"),
    }


def test_the_same_person_comes_in_held_and_somebody_is_asked(world):
    world.suppress(TAX, PHONE, OTHER_PHONE, EMAIL, ADDRESS)
    done = world.load(FILE)
    file = world.case()

    assert done.applied.created == 2
    assert world.points() == set()
    assert (file.head.name, file.head.tax_id) == ("Ofelia Ibarra", "")
    assert file.head.balance_minor == 100_000
    (hold,) = file.holds
    assert (hold.reason, hold.until) == (HoldReason.CEASE, None)
    (task,) = [one for one in file.tasks if one.state is TaskState.OPEN]
    assert task.cause.kind == "suppressed"
    assert world.case("C-2").holds == ()
    assert warnings(done)["debtor.suppressed", "tax_id"] == [2]


def test_a_tax_id_that_was_all_a_file_told_by_is_not_kept_in_the_case_s_key(world):
    world.suppress(TAX)
    world.load(
        "rfc,número de factura,monto,fecha de vencimiento\nGODE561231GR8,F-1,1000,2026-01-15\n"
    )
    file = world.bench.cases.open(ids.case_id(PID, "tax:GODE561231GR8"))

    assert file.head.balance_minor == 100_000
    assert "GODE561231GR8" not in repr(file)
    assert len(file.holds) == 1


def test_several_kinds_of_one_row_together_are_the_person_too(world):
    world.suppress(PHONE, ADDRESS)
    world.load(FILE)

    assert len(world.case().holds) == 1


def test_nothing_of_it_stands_in_the_file_of_rejected_rows(world):
    world.suppress(TAX, PHONE, OTHER_PHONE, EMAIL, ADDRESS)
    bad = csv(
        f"{OFELIA},F-1,1000,mañana", f"{BRUNO},F-2,dos mil,2026-01-15", f"{BRUNO},F-3,1,2026-01-15"
    )
    done = world.load(bad)

    assert done.applied.rejected == 2
    kept = b"".join(
        body for key, body in world.bench.files.objects.items() if key.startswith("rejects/")
    ).decode()
    for gone in ("5512345678", "5587654321", "ofelia", "GODE561231GR8", "Juárez 5"):
        assert gone not in kept
    assert "bruno@correo.mx" in kept


def test_loading_again_changes_nothing_and_asks_once(world):
    world.suppress(TAX, PHONE)
    world.load(FILE)
    before = world.case()
    done = world.load(FILE + "\n")

    assert (done.applied.created, done.applied.updated, done.applied.unchanged) == (0, 0, 2)
    assert warnings(done)["value.suppressed", "phone"] == [2]
    assert world.case() == before


def test_a_decision_stands_for_the_debts_it_saw(world):
    world.suppress(TAX)
    world.load(FILE)
    hold_id = world.case().holds[0].hold_id
    world.lift(hold_id)
    world.load(FILE.replace("1000", "1200"))
    assert [one.lifted_at is None for one in world.case().holds] == [False]

    world.load(csv(f"{OFELIA},F-9,700,2026-02-15"))
    assert [one.lifted_at is None for one in world.case().holds] == [False, True]


def test_an_erased_case_gets_its_debt_but_none_of_what_was_erased(world):
    world.load(FILE)
    world.forget()
    assert world.points() == set()
    world.suppress(PHONE, OTHER_PHONE, EMAIL, TAX, ADDRESS)

    world.load(FILE.replace("1000", "1500"))
    file = world.case()
    assert (file.head.name, file.head.tax_id, world.points()) == ("", "", set())
    assert file.head.erased == "7Q2M-0K4T"
    assert file.head.balance_minor == 150_000
    assert len(file.holds) == 1

    world.load(csv(f"{OFELIA},F-9,700,2026-02-15"))  # a new debt is a ground of its own
    assert (world.case().head.name, world.points()) == ("Ofelia Ibarra", set())
    assert world.case().head.erased == ""


def test_an_upload_that_held_a_case_is_undone_with_its_hold(world):
    world.suppress(TAX, PHONE)
    first = world.load(csv(f"{OFELIA},F-0,300,2026-01-15"))
    world.undo(first)

    assert all(one.lifted_at is not None for one in world.case().holds)
    assert not [one for one in world.case().tasks if one.state is TaskState.OPEN]
    world.load(FILE)
    assert sum(one.lifted_at is None for one in world.case().holds) == 1


def test_a_unit_done_twice_says_the_same(world):
    world.suppress(TAX, PHONE)
    world.bench.deliveries = 2
    done = world.load(FILE)

    assert done.applied.created == 2
    assert len(world.case().holds) == 1
    assert warnings(done)["value.suppressed", "phone"] == [2]


def test_no_merge_is_proposed_by_what_was_erased(world):
    world.load(FILE)
    world.suppress(("phone", "+525511112222"), ("email", "bruno@correo.mx"))
    world.load(
        csv(f"{BRUNO.replace('C-2', 'C-7').replace('Bruno Cruz', 'Ana Paz')},F-7,1,2026-01-15")
    )

    assert world.bench.merges.merges == {}


def test_balances_and_payments_go_on_as_ever(world):
    world.load(FILE)
    world.suppress(TAX, PHONE)
    done = world.bench.load(
        ROOT, "número de factura,rfc,saldo\nF-1,GODE561231GR8,900\n", mode=UploadMode.BALANCES
    )

    assert done.applied.updated == 1
    assert world.case().head.balance_minor == 90_000
    assert done.extra["warnings"] == []

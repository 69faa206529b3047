"""One request a minute per id: with an injected clock, and no process but this one."""

from __future__ import annotations

import gc
import math
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from umbmarket.web import throttle as throttle_module
from umbmarket.web import throttle_state
from umbmarket.web.outcomes import Delivery, ServiceWarning, TooLate
from umbmarket.web.throttle import Busy, Throttle, Turn
from umbmarket.web.throttle_state import Moment, StateFile, default_state_file, system_moment

GRAIN = throttle_module.CLOCK_GRAIN_SECONDS
MINUTE = 60.0 + GRAIN
OCCUPIED = 30.0 + 2.0 + MINUTE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "throttle.sqlite3"


@pytest.fixture
def warnings() -> list[ServiceWarning]:
    return []


@pytest.fixture
def make(path: Path, fake_time: Any, warnings: list[ServiceWarning]) -> Callable[..., Throttle]:
    """Make the throttle of one process; all share the file and the clock."""

    def throttle(**more: Any) -> Throttle:
        defaults: dict[str, Any] = {
            "now": lambda: Moment(fake_time.wall, fake_time.boot, fake_time.uptime),
            "sleep": fake_time.sleep,
            "on_warning": warnings.append,
            "lock_patience": 0.02,
        }
        return Throttle(path, **{**defaults, **more})

    return throttle


def turn(answer: Turn | Busy) -> Turn:
    assert isinstance(answer, Turn)
    return answer


def busy(answer: Turn | Busy) -> Busy:
    assert isinstance(answer, Busy)
    return answer


def wait_of(answer: Turn | Busy) -> float:
    return busy(answer).wait_seconds


def close_to(seconds: float) -> Any:
    return pytest.approx(seconds, abs=1e-4)


def row(path: Path, key: str) -> dict[str, Any]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return dict(connection.execute("SELECT * FROM slot WHERE id = ?", (key,)).fetchone())


def test_the_minute_counts_from_the_answer(make: Callable[..., Throttle], fake_time: Any) -> None:
    first, second = make(), make()
    with turn(first.claim("My.Package")) as slot:
        fake_time.advance(5)
        slot.finish(Delivery.ANSWERED)
    assert wait_of(second.claim("my.package")) == close_to(MINUTE)
    fake_time.advance(60)
    assert wait_of(second.claim("MY.PACKAGE")) == close_to(GRAIN)
    fake_time.advance(GRAIN + 0.001)
    assert turn(second.claim(" My.Package ")).package_id == "my.package"


def test_a_claim_is_recorded_before_the_request_leaves(
    make: Callable[..., Throttle], path: Path, fake_time: Any
) -> None:
    turn(make().claim("A"))
    found = row(path, "a")
    assert (found["in_flight"], found["free_in"], found["requested"]) == (1, OCCUPIED, fake_time.wall)
    answer = busy(make().claim("a"))
    assert (answer.in_flight, answer.wait_seconds, answer.requested_at) == (True, close_to(OCCUPIED), fake_time.wall)


def test_a_claim_whose_process_died_runs_out(make: Callable[..., Throttle], fake_time: Any) -> None:
    turn(make().claim("a"))
    fake_time.advance(OCCUPIED - 0.01)
    assert wait_of(make().claim("a")) == close_to(0.01)
    fake_time.advance(0.011)
    turn(make().claim("a"))


def test_without_an_answer_it_takes_a_little_longer(make: Callable[..., Throttle], fake_time: Any) -> None:
    with turn(make().claim("a")) as slot:
        fake_time.advance(30)
        slot.finish(Delivery.UNKNOWN)
    assert wait_of(make().claim("a")) == close_to(MINUTE + 2)


def test_a_request_that_was_not_sent_gives_its_slot_back(
    make: Callable[..., Throttle], path: Path, fake_time: Any
) -> None:
    turn(make().claim("a")).finish(Delivery.ANSWERED)
    sent_at = fake_time.wall
    fake_time.advance(100)
    with turn(make().claim("a")) as slot:
        slot.finish(Delivery.NOT_SENT)
    assert row(path, "a")["requested"] == sent_at
    turn(make().claim("a"))


def test_leaving_without_a_word_counts_as_sent(make: Callable[..., Throttle]) -> None:
    with pytest.raises(KeyboardInterrupt), turn(make().claim("a")):
        raise KeyboardInterrupt
    answer = busy(make().claim("a"))
    assert (answer.wait_seconds, answer.in_flight) == (close_to(MINUTE + 2), False)


def test_only_the_first_word_counts(make: Callable[..., Throttle]) -> None:
    with turn(make().claim("a")) as slot:
        slot.finish(Delivery.ANSWERED)
        slot.finish(Delivery.NOT_SENT)
    assert wait_of(make().claim("a")) == close_to(MINUTE)


@pytest.mark.parametrize(
    ("asked", "wait", "told"),
    [
        (120.0, 120.0, 120.0),
        (600.0, 600.0, 600.0),
        (86_400.0, 600.0, 600.0),
        (1.0, MINUTE, None),
        (0.0, MINUTE, None),
        (-5.0, MINUTE, None),
        (math.nan, MINUTE, None),
        (math.inf, MINUTE, None),
        (None, MINUTE, None),
    ],
)
def test_what_the_server_asks_is_kept_for_all(
    make: Callable[..., Throttle], asked: float | None, wait: float, told: float | None
) -> None:
    turn(make().claim("a")).finish(Delivery.ANSWERED, asked)
    answer = busy(make().claim("a"))
    assert (answer.wait_seconds, answer.retry_after) == (close_to(wait), told)


def test_ids_do_not_wait_for_each_other(make: Callable[..., Throttle]) -> None:
    throttle = make()
    turn(throttle.claim("a"))
    turn(throttle.claim("b")).finish(Delivery.ANSWERED, 500.0)
    turn(throttle.claim("c"))
    assert busy(throttle.claim("a")).package_id == "a"


def test_time_left(make: Callable[..., Throttle], fake_time: Any) -> None:
    slot = turn(make().claim("a"))
    assert slot.time_left() == 30.0
    fake_time.advance(29)
    assert slot.time_left() == close_to(1.0)
    fake_time.advance(2)
    assert slot.time_left() == 0.0
    fake_time.uptime -= 1000
    assert slot.time_left() == 0.0


def test_a_request_that_outlasts_its_claim_still_counts(make: Callable[..., Throttle], fake_time: Any) -> None:
    late = turn(make().claim("a"))
    fake_time.advance(OCCUPIED + 1)
    other = turn(make().claim("a"))
    fake_time.advance(1)
    late.finish(Delivery.ANSWERED)
    assert wait_of(make().claim("a")) == close_to(OCCUPIED - 1)
    other.finish(Delivery.NOT_SENT)
    assert wait_of(make().claim("a")) == close_to(OCCUPIED - 1)
    fake_time.advance(OCCUPIED - 1)
    turn(make().claim("a"))


def test_a_late_give_back_frees_nothing(make: Callable[..., Throttle], fake_time: Any) -> None:
    late = turn(make().claim("a"))
    fake_time.advance(OCCUPIED + 1)
    turn(make().claim("a"))
    late.finish(Delivery.NOT_SENT)
    assert wait_of(make().claim("a")) == close_to(OCCUPIED)


class TestWaiting:
    def test_the_turn_comes_after_exactly_the_wait(self, make: Callable[..., Throttle], fake_time: Any) -> None:
        turn(make().claim("a")).finish(Delivery.ANSWERED)
        told: list[Busy] = []
        turn(make().wait_for_turn("a", on_wait=told.append))
        assert sum(fake_time.sleeps) == close_to(MINUTE)
        assert told[0].wait_seconds == close_to(MINUTE)
        assert len(told) == len(fake_time.sleeps) <= 2

    def test_a_request_in_flight_is_looked_at_often(self, make: Callable[..., Throttle], fake_time: Any) -> None:
        in_flight = turn(make().claim("a"))

        def sleep(seconds: float) -> None:
            fake_time.sleep(seconds)
            if len(fake_time.sleeps) == 3:
                in_flight.finish(Delivery.NOT_SENT)

        turn(make(sleep=sleep).wait_for_turn("a"))
        assert fake_time.sleeps == [0.5, 0.5, 0.5]

    def test_no_patience_means_no_wait(self, make: Callable[..., Throttle], fake_time: Any) -> None:
        turn(make().claim("a")).finish(Delivery.ANSWERED)
        assert wait_of(make().wait_for_turn("a", patience=0)) == close_to(MINUTE)
        turn(make().claim("b"))
        assert busy(make().wait_for_turn("b", patience=0)).in_flight
        assert fake_time.sleeps == []

    def test_a_wait_beyond_the_patience_is_not_begun(self, make: Callable[..., Throttle], fake_time: Any) -> None:
        turn(make().claim("a")).finish(Delivery.ANSWERED)
        assert wait_of(make().wait_for_turn("a", patience=60.0)) == close_to(MINUTE)
        assert fake_time.sleeps == []
        turn(make().wait_for_turn("a", patience=61.0))

    def test_patience_ends_while_another_is_in_flight(self, make: Callable[..., Throttle], fake_time: Any) -> None:
        turn(make().claim("a"))
        assert busy(make().wait_for_turn("a", patience=1.2)).in_flight
        assert fake_time.sleeps == [0.5, 0.5, close_to(0.2)]

    def test_ctrl_c_while_waiting_changes_nothing(self, make: Callable[..., Throttle], path: Path) -> None:
        def interrupted(seconds: float) -> None:
            raise KeyboardInterrupt

        turn(make().claim("a")).finish(Delivery.ANSWERED)
        before = row(path, "a")
        with pytest.raises(KeyboardInterrupt):
            make(sleep=interrupted).wait_for_turn("a")
        assert row(path, "a") == before


class TestClocks:
    def test_a_wall_clock_set_forward_does_not_shorten_the_minute(
        self, make: Callable[..., Throttle], fake_time: Any
    ) -> None:
        turn(make().claim("a")).finish(Delivery.ANSWERED)
        fake_time.wall += 86_400
        assert wait_of(make().claim("a")) == close_to(MINUTE)

    def test_a_wall_clock_set_back_does_not_lengthen_it(self, make: Callable[..., Throttle], fake_time: Any) -> None:
        turn(make().claim("a")).finish(Delivery.ANSWERED)
        fake_time.wall -= 86_400
        fake_time.advance(30)
        assert wait_of(make().claim("a")) == close_to(MINUTE - 30)

    def test_without_a_boot_clock_the_past_costs_one_span_at_most(
        self, make: Callable[..., Throttle], fake_time: Any
    ) -> None:
        fake_time.boot = ""
        turn(make().claim("a")).finish(Delivery.ANSWERED, 300.0)
        fake_time.wall -= 86_400
        assert wait_of(make().claim("a")) == close_to(300)
        fake_time.advance(200)
        assert wait_of(make().claim("a")) == close_to(100)
        fake_time.advance(100.1)
        turn(make().claim("a"))

    def test_after_a_restart_the_wall_clock_decides(self, make: Callable[..., Throttle], fake_time: Any) -> None:
        turn(make().claim("a")).finish(Delivery.ANSWERED)
        fake_time.boot, fake_time.uptime = "boot-2", 3.0
        fake_time.wall += 40
        assert wait_of(make().claim("a")) == close_to(MINUTE - 40)

    def test_a_boot_clock_that_went_back_costs_one_span(self, make: Callable[..., Throttle], fake_time: Any) -> None:
        turn(make().claim("a")).finish(Delivery.ANSWERED)
        fake_time.uptime = 1.0
        assert wait_of(make().claim("a")) == close_to(MINUTE)
        fake_time.advance(MINUTE + 0.001)
        turn(make().claim("a"))

    def test_the_system_clock(self) -> None:
        first, second = system_moment(), system_moment()
        assert first.boot == second.boot
        assert second.uptime >= first.uptime
        if sys.platform == "linux":
            assert first.boot
            assert first.uptime > 0


def damage(path: Path, **values: object) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for column, value in values.items():
            connection.execute(f"UPDATE slot SET {column} = ?", (value,))
        connection.commit()


@pytest.mark.parametrize(
    ("values", "wait"),
    [
        ({"free_in": 1e12}, MINUTE),
        ({"free_in": "soon"}, MINUTE),
        ({"free_in": math.inf}, MINUTE),
        ({"free_in": -1e12}, None),
        ({"uptime": 1e15}, MINUTE),
        ({"uptime": "x", "boot": "boot-1"}, MINUTE),
        ({"boot": b"\xff", "wall": 1e300}, MINUTE),
        ({"boot": "", "wall": -1e300}, None),
        ({"requested": "x", "previous": b"x", "retry_after": "x", "owner": 5}, MINUTE),
    ],
)
def test_rows_that_cannot_be_true_cost_a_minute_at_most(
    make: Callable[..., Throttle], path: Path, fake_time: Any, values: dict[str, object], wait: float | None
) -> None:
    turn(make().claim("a")).finish(Delivery.ANSWERED)
    damage(path, **values)
    answer = make().claim("a")
    if wait is None:
        turn(answer)
        return
    assert wait_of(answer) == close_to(wait)
    fake_time.advance(wait + 0.001)
    turn(make().claim("a"))


VALUES = st.one_of(
    st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.text(max_size=5), st.binary(max_size=5)
)
COLUMNS = ["free_in", "in_flight", "owner", "wall", "boot", "uptime", "requested", "previous", "retry_after"]


@given(values=st.dictionaries(st.sampled_from(COLUMNS), VALUES))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_row_locks_anybody_out(
    make: Callable[..., Throttle], path: Path, fake_time: Any, values: dict[str, object]
) -> None:
    path.unlink(missing_ok=True)
    make().claim("a")
    try:
        damage(path, **values)
    except sqlite3.IntegrityError:
        return
    make().claim("a")
    fake_time.advance(600 + MINUTE + 0.001)
    turn(make().claim("a"))


class TestBrokenFiles:
    def check(self, throttle: Throttle, warnings: list[ServiceWarning], path: Path, reason: str) -> None:
        turn(throttle.claim("a")).finish(Delivery.ANSWERED)
        assert wait_of(throttle.claim("a")) == close_to(MINUTE)
        turn(throttle.claim("b"))
        assert warnings == [
            ServiceWarning(
                "throttle",
                f"The state file {path} cannot be used ({reason}), so requests by other processes are not known. "
                "If this continues, delete the file.",
            )
        ]

    @staticmethod
    def garbage(path: Path) -> None:
        path.parent.mkdir()
        path.write_bytes(b"not a database at all " * 100)

    @staticmethod
    def another_database(path: Path) -> None:
        path.parent.mkdir()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE slot (id TEXT)")

    @staticmethod
    def damaged(path: Path) -> None:
        throttle = Throttle(path)
        for number in range(300):
            turn(throttle.claim(f"package.number.{number}"))
        data = bytearray(path.read_bytes())
        data[4096:] = b"\x5a" * (len(data) - 4096)
        path.write_bytes(data)

    @pytest.mark.parametrize("broken", ["garbage", "another_database", "damaged"])
    def test_a_broken_file_is_set_aside_and_made_anew(
        self, make: Callable[..., Throttle], path: Path, warnings: list[ServiceWarning], broken: str
    ) -> None:
        getattr(self, broken)(path)
        before = path.read_bytes()
        turn(make().claim("a")).finish(Delivery.ANSWERED)
        assert wait_of(make().claim("a")) == close_to(MINUTE)
        assert [warning.text for warning in warnings] == [
            f"The state file {path} was damaged. It was renamed to throttle.sqlite3.broken and created again, so "
            "requests by other processes in the last minute are not known."
        ]
        assert path.with_name("throttle.sqlite3.broken").read_bytes() == before
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    def test_a_broken_file_is_set_aside_once_by_all_who_find_it(
        self, make: Callable[..., Throttle], path: Path, warnings: list[ServiceWarning]
    ) -> None:
        """Each has a connection of its own, as processes have; one that came late must not move the new file away."""
        self.garbage(path)
        begin = threading.Barrier(8, timeout=30)
        answers: list[Turn | Busy] = []

        def claim() -> None:
            throttle = make(lock_patience=30.0)
            begin.wait()
            answers.append(throttle.claim("a"))

        threads = [threading.Thread(target=claim) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(isinstance(answer, Turn) for answer in answers) == 1
        assert len(warnings) == 1

    def test_a_newer_version(self, make: Callable[..., Throttle], path: Path, warnings: list[ServiceWarning]) -> None:
        make().claim("x")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 2")
        self.check(make(), warnings, path, "it was written by a newer version")

    def test_a_folder_in_its_place(
        self, make: Callable[..., Throttle], path: Path, warnings: list[ServiceWarning]
    ) -> None:
        path.mkdir(parents=True)
        self.check(make(), warnings, path, "unable to open database file")

    def test_a_file_in_the_folder_s_place(
        self, make: Callable[..., Throttle], path: Path, warnings: list[ServiceWarning]
    ) -> None:
        path.parent.write_text("in the way")
        self.check(make(), warnings, path, "File exists")

    def test_while_the_file_is_locked_nothing_may_leave(
        self, make: Callable[..., Throttle], path: Path, warnings: list[ServiceWarning], fake_time: Any
    ) -> None:
        throttle = make()
        throttle.claim("x")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            for answer in (throttle.claim("a"), throttle.wait_for_turn("a")):
                assert busy(answer).problem == f"the state file {path} is locked by another program"
        assert (fake_time.sleeps, warnings) == ([], [])
        turn(throttle.claim("a"))

    def test_a_read_only_file(
        self, make: Callable[..., Throttle], path: Path, warnings: list[ServiceWarning], as_root: bool
    ) -> None:
        if as_root:
            pytest.skip("permissions mean nothing to root")
        make().claim("x")
        path.chmod(0o400)
        path.parent.chmod(0o500)
        self.check(make(), warnings, path, "attempt to write a readonly database")
        path.parent.chmod(0o700)

    def test_a_file_that_fails_after_the_claim_stays_on_the_safe_side(
        self, make: Callable[..., Throttle], path: Path, warnings: list[ServiceWarning]
    ) -> None:
        throttle = make()
        slot = turn(throttle.claim("a"))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            slot.finish(Delivery.ANSWERED)
        assert warnings == []
        assert wait_of(make().claim("a")) == close_to(OCCUPIED)
        assert wait_of(throttle.claim("a")) == close_to(OCCUPIED)

    def test_a_deleted_file_does_not_free_this_process(self, make: Callable[..., Throttle], path: Path) -> None:
        throttle = make()
        turn(throttle.claim("a")).finish(Delivery.ANSWERED)
        path.unlink()
        assert wait_of(throttle.claim("a")) == close_to(MINUTE)
        turn(make().claim("a"))

    def test_a_reader_does_not_stand_in_the_way(
        self, make: Callable[..., Throttle], path: Path, warnings: list[ServiceWarning]
    ) -> None:
        make().claim("x")
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("SELECT * FROM slot").fetchall()
            turn(make().claim("a"))
        assert warnings == []


def test_a_lock_that_goes_away_in_time_is_waited_for(
    make: Callable[..., Throttle], path: Path, warnings: list[ServiceWarning]
) -> None:
    make().claim("x")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    timer = threading.Timer(0.4, other.rollback)
    timer.start()
    turn(make(lock_patience=20.0).claim("a"))
    timer.join()
    other.close()
    assert warnings == []


def test_threads_of_one_process(make: Callable[..., Throttle]) -> None:
    throttle = make()
    answers: list[Turn | Busy] = []
    threads = [threading.Thread(target=lambda: answers.append(throttle.claim("a"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, Turn) for answer in answers) == 1


class TestLeaving:
    """The last look at the claim, while the file is held."""

    def test_bytes_leave_and_the_id_is_taken_from_then(self, make: Callable[..., Throttle], fake_time: Any) -> None:
        slot = turn(make().claim("a"))
        fake_time.advance(20.0)
        sent: list[str] = []
        slot.leave(lambda: sent.append("head"))
        slot.leave(lambda: sent.append("body"))
        assert sent == ["head", "body"]
        answer = busy(make().claim("a"))
        assert answer.in_flight
        assert answer.wait_seconds == close_to(OCCUPIED)
        assert slot.time_left() == close_to(10.0)

    @pytest.mark.parametrize("seconds", [30.0, 31.0, 93.0, 1e6])
    def test_nothing_leaves_when_the_time_is_up(
        self, make: Callable[..., Throttle], fake_time: Any, seconds: float
    ) -> None:
        """A machine that slept, a process that was stopped: the clocks went on, and the program did not notice."""
        slot = turn(make().claim("a"))
        fake_time.advance(seconds)
        with pytest.raises(TooLate, match=r"^its turn was over before it could leave$"):
            slot.leave(lambda: pytest.fail("it left"))

    def test_nothing_leaves_when_somebody_else_has_the_id(self, make: Callable[..., Throttle], path: Path) -> None:
        slot = turn(make().claim("a"))
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE slot SET owner = 'other'")
        with pytest.raises(TooLate):
            slot.leave(lambda: pytest.fail("it left"))
        slot.finish(Delivery.NOT_SENT)
        assert busy(make().claim("a")).in_flight

    def test_nothing_leaves_while_the_file_is_locked(self, make: Callable[..., Throttle], path: Path) -> None:
        slot = turn(make().claim("a"))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(TooLate, match=r"is locked by another program$"):
                slot.leave(lambda: pytest.fail("it left"))
        slot.leave(lambda: None)

    def test_nobody_claims_while_bytes_leave(self, make: Callable[..., Throttle], fake_time: Any) -> None:
        """A process that is stopped just here holds the file, and its claim counts from when it goes on."""
        slot, other = turn(make().claim("a")), make()

        def stopped() -> None:
            fake_time.advance(3600.0)
            assert busy(other.claim("a")).problem

        slot.leave(stopped)
        assert wait_of(other.claim("a")) == close_to(OCCUPIED)

    def test_what_breaks_on_the_way_out_may_have_left(self, make: Callable[..., Throttle], fake_time: Any) -> None:
        slot = turn(make().claim("a"))
        fake_time.advance(25.0)

        def broken() -> None:
            raise OSError("the line broke")

        with pytest.raises(OSError, match="the line broke"):
            slot.leave(broken)
        assert wait_of(make().claim("a")) == close_to(OCCUPIED)

    def test_a_file_that_fails_at_the_end_sends_nothing_twice(
        self, make: Callable[..., Throttle], path: Path, warnings: list[ServiceWarning]
    ) -> None:
        throttle = make()
        slot = turn(throttle.claim("a"))
        sent: list[None] = []
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM slot").fetchall()
            slot.leave(lambda: sent.append(None))
        assert len(sent) == 1
        slot.finish(Delivery.ANSWERED)
        assert wait_of(make().claim("a")) == close_to(MINUTE)

    def test_without_a_file_this_process_holds_it(
        self, make: Callable[..., Throttle], path: Path, fake_time: Any
    ) -> None:
        path.mkdir(parents=True)
        throttle = make()
        slot = turn(throttle.claim("a"))
        sent: list[None] = []
        slot.leave(lambda: sent.append(None))
        assert len(sent) == 1
        fake_time.advance(31.0)
        with pytest.raises(TooLate):
            slot.leave(lambda: pytest.fail("it left"))


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_the_folder_is_private(make: Callable[..., Throttle], path: Path) -> None:
    make().claim("a")
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_default_file_is_in_the_users_state_folder() -> None:
    assert default_state_file().parts[-2:] == ("umbmarket", "throttle.sqlite3")


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.integers(0, 2)),
        st.tuples(st.just("crash"), st.integers(0, 2)),
        st.tuples(st.sampled_from([*Delivery]), st.integers(0, 2)),
        st.tuples(st.just("wait"), st.sampled_from([0.01, 1.0, 14.0, 31.0, 45.0, 61.0, 93.0])),
        st.tuples(st.just("set the wall clock"), st.sampled_from([-1e6, -30.0, 30.0, 1e6])),
    ),
    max_size=30,
)


@given(STEPS)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arrivals_are_a_minute_apart_whatever_happens(
    make: Callable[..., Throttle], path: Path, fake_time: Any, steps: list[tuple[Any, Any]]
) -> None:
    """Three processes, one id. A request may arrive at any time from its claim until it ends or its time is up."""
    path.unlink(missing_ok=True)
    processes = [make() for _ in range(3)]
    under_way: dict[int, Turn] = {}
    latest_arrival = -math.inf

    for what, value in steps:
        if what == "wait":
            fake_time.advance(value)
            for number, slot in list(under_way.items()):
                if slot.time_left() == 0.0:  # the client has cut the request by now
                    latest_arrival = max(latest_arrival, fake_time.uptime - max(0.0, value - 30.0))
                    slot.finish(Delivery.UNKNOWN)
                    del under_way[number]
        elif what == "set the wall clock":
            fake_time.wall += value
        elif what == "claim":
            if value not in under_way:
                answer = processes[value].claim("a")
                if isinstance(answer, Turn):
                    assert not under_way
                    assert fake_time.uptime >= latest_arrival + 60.0
                    under_way[value] = answer
        elif what == "crash":
            if value in under_way:
                latest_arrival = fake_time.uptime
                del under_way[value]
            processes[value] = make()
        elif value in under_way:
            if what is not Delivery.NOT_SENT:
                latest_arrival = fake_time.uptime
            under_way.pop(value).finish(what)


def interrupting(at_line: int, files: set[str]) -> Callable[..., Any]:
    """Trace function that raises KeyboardInterrupt at the n-th line executed in the given files."""
    lines = 0

    def trace(frame: Any, event: str, argument: Any) -> Any:
        nonlocal lines
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            lines += 1
            if lines == at_line:
                raise KeyboardInterrupt
        return trace

    return trace


@pytest.fixture
def keep_trace() -> Iterator[None]:
    before = sys.gettrace()
    yield
    sys.settrace(before)


# A connection that Ctrl-C caught between two lines is closed, and rolled back, when it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("delivery", [*Delivery])
def test_ctrl_c_at_every_line_leaves_a_truthful_file(
    make: Callable[..., Throttle], path: Path, keep_trace: None, delivery: Delivery
) -> None:
    files = {throttle_module.__file__, throttle_state.__file__}
    for at_line in range(1, 2000):
        path.unlink(missing_ok=True)
        throttle = make()
        left: list[None] = []
        finished = False
        sys.settrace(interrupting(at_line, files))
        try:
            with turn(throttle.claim("a")) as slot:
                if delivery is not Delivery.NOT_SENT:
                    slot.leave(partial(left.append, None))
                slot.finish(delivery)
            finished = True
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(None)
        answer = make().claim("a")
        if left:
            assert wait_of(answer) >= MINUTE - 1e-6
        elif isinstance(answer, Busy):
            # Not sent, but nobody can know: it runs out by itself.
            assert not finished
            assert answer.wait_seconds <= OCCUPIED
        if finished:
            assert at_line > 50
            break
    else:
        pytest.fail("the scenario never ended")
    gc.collect()


def test_ctrl_c_right_after_the_record_gives_the_slot_back(make: Callable[..., Throttle], path: Path) -> None:
    class OnceInterrupted(dict[str, Any]):
        interrupted = False

        def __setitem__(self, key: str, value: Any) -> None:
            if not self.interrupted:
                self.interrupted = True
                assert row(path, key)["in_flight"] == 1
                raise KeyboardInterrupt
            super().__setitem__(key, value)

    throttle = make()
    throttle._memory = OnceInterrupted()
    with pytest.raises(KeyboardInterrupt):
        throttle.claim("a")
    assert row(path, "a")["in_flight"] == 0
    turn(make().claim("a"))


def test_an_update_that_is_interrupted_writes_nothing(path: Path) -> None:
    file = StateFile(path, 0.02, lambda aside: None)

    def interrupted(slot: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        file.update("a", interrupted)
    assert file.update("a", lambda slot: (None, slot)) is None

"""The module in real processes: in a repository of their own, killed, on a full disk, forked."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
from pathlib import Path

PACKAGE = str(Path(__file__).resolve().parents[1])
sys.path.insert(0, PACKAGE)

from cairn import _journal, _place, _values  # noqa: E402
from cairn._code import looks_secret  # noqa: E402


class Sandbox(unittest.TestCase):
    """A repository with a commit, and processes that see nothing of this one's configuration."""

    def setUp(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="cairn-python-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.root = self.directory / "project"
        self.root.mkdir()
        (self.root / "train.py").write_text("rate = 1\n")
        self.git("init", "-q")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "first")

    def environment(self, **more: str) -> dict:
        tools = {"PATH": os.environ["PATH"], "HOME": str(self.directory), "PYTHONPATH": PACKAGE}
        git = {"GIT_CONFIG_NOSYSTEM": "1"}
        for who in ("AUTHOR", "COMMITTER"):
            git["GIT_%s_NAME" % who], git["GIT_%s_EMAIL" % who] = "A", "a@example.org"
        return {**tools, **git, "PYTHONDONTWRITEBYTECODE": "1", **more}

    def git(self, *words: str, cwd=None) -> str:
        done = subprocess.run(
            ["git", *words], cwd=str(cwd or self.root), env=self.environment(), check=True, stdout=subprocess.PIPE
        )
        return done.stdout.decode().strip()

    def start(self, code: str, cwd=None, **environment: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-c", "import cairn\n" + textwrap.dedent(code)],
            cwd=str(cwd or self.root),
            env=self.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def train(self, code: str, cwd=None, **environment: str) -> str:
        """Run to the end; return what was said on standard error."""
        process = self.start(code, cwd, **environment)
        said, errors = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, errors.decode())
        self.said = said.decode()
        return errors.decode()

    def inbox(self, root=None) -> list:
        folder = Path(root or self.root / ".git") / "cairn" / "inbox"
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def entries(self, run: Path) -> list:
        text = (run / "journal.jsonl").read_text()
        return [json.loads(line) for line in text.split("\n")[:-1]]

    def only(self) -> list:
        (run,) = self.inbox()
        return self.entries(run)


class Runs(Sandbox):
    def test_a_run_from_beginning_to_end(self) -> None:
        errors = self.train(
            """
            run = cairn.init("digits", params=dict(lr=1e-3, layers=[64, 32], nested={"a": {"b": None}}))
            run.log({"loss": 0.5, "val": {"accuracy": 0.9}}, step=3)
            run.log({"loss": float("nan"), "grösse a/b": float("-inf"), "big": 1 << 70})
            run.log({"acc": 1}, epoch=2)
            run.log_dataset("data.csv", source="UCI")
            """
        )
        self.assertEqual(errors, "")
        start, code, *logs, dataset, end = self.only()
        self.assertEqual(start["parameters"], {"lr": 0.001, "layers": [64, 32], "nested": {"a": {"b": None}}})
        self.assertEqual(start["environment"]["python"], sys.version.split()[0])
        self.assertEqual(code["head"], self.git("rev-parse", "HEAD"))
        self.assertEqual(logs[0]["values"], {"loss": 0.5, "val/accuracy": 0.9})
        self.assertEqual(logs[1]["values"], {"loss": "NaN", "grösse a/b": "-Infinity", "big": float(1 << 70)})
        self.assertEqual([entry.get("step") for entry in logs], [3, 4, None])
        self.assertEqual(logs[2]["epoch"], 2)
        self.assertEqual((dataset["path"], dataset["source"]), ("data.csv", "UCI"))
        self.assertEqual(end["state"], "finished")

    def test_a_process_that_never_exits_ends_a_run_with_the_next(self) -> None:
        self.train("one = cairn.init('m')\none.log({'a': 1})\ntwo = cairn.init('m')\none.log({'a': 2})\ntwo.log({'a': 3})")
        logged = [[e["values"]["a"] for e in self.entries(run) if e["kind"] == "log"] for run in self.inbox()]
        self.assertEqual(sorted(logged), [[1], [3]])

    def test_a_clock_that_goes_backwards_turns_nothing_round(self) -> None:
        self.train(
            """
            import time
            run = cairn.init("m")
            run.log({"a": 1})
            time.time = lambda: 0.0
            run.log({"a": 2})
            """
        )
        times = [entry["at"] for entry in self.only()]
        self.assertEqual(times, sorted(times))

    def test_an_exception_makes_it_failed(self) -> None:
        process = self.start("cairn.init('m')\nraise ValueError('diverged')")
        _, errors = process.communicate(timeout=60)
        self.assertIn(b"ValueError: diverged", errors)
        end = self.only()[-1]
        self.assertEqual((end["state"], end["error"]["type"], end["error"]["message"]), ("failed", "ValueError", "diverged"))

    def test_a_context_manager_fails_with_an_exit(self) -> None:
        process = self.start("import sys\nwith cairn.init('m'):\n    sys.exit('no')")
        process.communicate(timeout=60)
        self.assertEqual(self.only()[-1]["state"], "failed")

    def test_killed_it_keeps_what_was_logged_a_second_before(self) -> None:
        process = self.start(
            """
            import time
            run = cairn.init("m")
            for step in range(100000):
                run.log({"loss": step}, step=step)
                if step == 200:
                    print("ready", flush=True)
                time.sleep(0.001)
            """
        )
        process.stdout.readline()
        time.sleep(1.0)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        steps = [entry["step"] for entry in self.only() if entry["kind"] == "log"]
        self.assertGreaterEqual(len(steps), 200)
        self.assertEqual(steps, list(range(len(steps))))

    def test_what_is_logged_before_a_long_silence_is_written(self) -> None:
        process = self.start("import time\nrun = cairn.init('m')\nrun.log({'a': 1})\nprint('x', flush=True)\ntime.sleep(60)")
        process.stdout.readline()
        deadline = time.monotonic() + 30
        while not any(entry["kind"] == "log" for entry in self.only()):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        process.kill()
        process.communicate()

    @unittest.skipUnless(hasattr(os, "fork"), "forks")
    def test_a_forked_worker_writes_nothing(self) -> None:
        self.train(
            """
            import os
            run = cairn.init("m")
            child = os.fork()
            if child == 0:
                run.log({"child": 1})
                run.finish()
                raise SystemExit
            os.waitpid(child, 0)
            run.log({"parent": 1})
            """
        )
        kinds = [entry["kind"] for entry in self.only()]
        self.assertEqual(kinds, ["start", "code", "log", "end"])

    def test_only_the_first_process_of_several_writes(self) -> None:
        for variables in ({"RANK": "1"}, {"LOCAL_RANK": "3"}, {"SLURM_NTASKS": "2", "SLURM_PROCID": "1"}, {"CAIRN_DISABLED": "1"}):
            self.train("run = cairn.init('m')\nrun.log({'a': 1})\nrun.commit('train.py')", **variables)
        self.assertEqual(self.inbox(), [])

    def test_a_full_disk_ends_no_training(self) -> None:
        errors = self.train(
            """
            import resource
            run = cairn.init("m")
            resource.setrlimit(resource.RLIMIT_FSIZE, (50000, 50000))
            for step in range(3000):
                run.log({"loss": step}, step=step)
            run.commit("train.py")
            run.finish()
            print("trained")
            """
        )
        self.assertEqual(self.said, "trained\n")
        self.assertEqual(errors.count("the journal cannot be written"), 1)
        self.assertGreater(len(self.only()), 100)

    def test_outside_of_a_repository_nothing_happens(self) -> None:
        errors = self.train("run = cairn.init('m')\nrun.log({'a': 1})\nrun.commit('x')\nrun.finish()", cwd=self.directory)
        self.assertEqual(errors.count("lies in no Git repository"), 1)

    def test_nothing_raises(self) -> None:
        errors = self.train(
            """
            class Odd:
                def __str__(self): raise RuntimeError("odd")
                __repr__ = __str__
            run = cairn.init("m", params={"odd": Odd()})
            run = cairn.init("m")
            run.log({"text": "no number", "none": None, "good": 1})
            run.log(None)
            run.log({"a": 1}, step="what")
            run.log_predictions([1, 2], [1])
            run.commit("is-not-there.bin")
            run.commit(None)
            run.log_dataset(None)
            run.log({Odd(): 1})
            """
        )
        self.assertIn("no number and was not logged", errors)
        self.assertEqual(len(self.inbox()), 2)

    def test_a_value_costs_less_than_20_microseconds(self) -> None:
        self.train(
            """
            import time
            run = cairn.init("m")
            best = 1.0
            for _ in range(5):
                begin = time.perf_counter()
                for step in range(4000):
                    run.log({"loss": 0.1 + step, "accuracy": 0.5}, step=step)
                best = min(best, (time.perf_counter() - begin) / 8000)
            print(best * 1e6)
            """
        )
        # Far above what is measured, so that a busy machine does not fail it.
        self.assertLess(float(self.said), 60.0)


class Places(Sandbox):
    def test_worktrees_share_the_inbox_and_submodules_have_their_own(self) -> None:
        self.git("worktree", "add", "-q", str(self.directory / "linked"))
        self.train("cairn.init('m')", cwd=self.directory / "linked")
        self.assertEqual(len(self.inbox()), 1)
        self.assertEqual(self.only()[0]["root"], str((self.directory / "linked").resolve()))
        self.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(self.root), "sub")
        self.train("cairn.init('m')", cwd=self.root / "sub")
        self.assertEqual(len(self.inbox(self.root / ".git" / "modules" / "sub")), 1)

    def test_the_project_may_be_named(self) -> None:
        self.train("cairn.init('m')", cwd=self.directory, CAIRN_PROJECT=str(self.root))
        self.assertEqual(len(self.inbox()), 1)

    def test_no_git_file_is_believed_blindly(self) -> None:
        (self.directory / "odd").mkdir()
        (self.directory / "odd" / ".git").write_text("nonsense\n")
        self.assertIsNone(_place.find_place(str(self.directory / "odd")))


class Code(Sandbox):
    def test_it_is_recorded_as_it_was_at_the_start(self) -> None:
        (self.root / "train.py").write_text("rate = 2\n")
        (self.root / "lib").mkdir()
        (self.root / "lib" / "new.py").write_text("new = 1\n")
        (self.root / ".env").write_text("TOKEN=1\n")
        (self.root / "big.dat").write_bytes(b"\0" * 11_000_000)
        before = (self.root / ".git" / "index").read_bytes()
        self.train("run = cairn.init('m')\nopen('train.py', 'w').write('later')")
        (run,) = self.inbox()
        code = self.entries(run)[1]
        self.assertIn("+rate = 2", (run / "code" / "patch").read_text())
        self.assertEqual([file["path"] for file in code["files"]], ["lib/new.py"])
        self.assertEqual((run / "code" / "files" / "lib" / "new.py").read_text(), "new = 1\n")
        self.assertEqual({left["path"]: left["why"] for left in code["left_out"]}, {".env": "secret", "big.dat": "large-file"})
        self.assertEqual((self.root / ".git" / "index").read_bytes(), before)

    def test_without_git_it_says_so(self) -> None:
        empty = self.directory / "empty"
        empty.mkdir()
        self.train("cairn.init('m')", PATH=str(empty))
        self.assertEqual(self.only()[1], {**self.only()[1], "kind": "code", "missing": "git"})

    def test_secrets_by_name(self) -> None:
        for name in (".env", "a/.env.local", "key.pem", "aws_credentials.json", "id_rsa"):
            self.assertTrue(looks_secret(name), name)
        for name in ("train.py", "secretary.py", "keys.py", "environment.yml"):
            self.assertFalse(looks_secret(name), name)


class Commits(Sandbox):
    def test_later_training_does_not_change_what_was_committed(self) -> None:
        self.train(
            """
            run = cairn.init("m")
            open("model.bin", "w").write("one")
            run.commit("model.bin", message="first", primary=("val_accuracy", "higher"))
            open("model.bin", "w").write("two, longer")
            run.log_predictions(["a", "b"], ["a", "a"], [[0.9, 0.1], [0.6, 0.4]], split="test")
            """
        )
        (run,) = self.inbox()
        commit = next(entry for entry in self.entries(run) if entry["kind"] == "commit")
        self.assertEqual((run / commit["files"][0]["copy"]).read_text(), "one")
        self.assertEqual(commit["primary"], {"metric": "val_accuracy", "better": "higher"})
        self.assertEqual((run / "predictions" / "1.csv").read_text().split(), ["y_true,y_pred,score_a,score_b", "a,a,0.9,0.1", "b,a,0.6,0.4"])

    def test_create_version_without_a_command_goes_to_the_inbox(self) -> None:
        (self.root / "model.bin").write_bytes(b"\x80\x02weights")
        (self.root / "history.json").write_text('{"loss": [2, 1]}')
        errors = self.train(
            """
            import shutil
            shutil.which = lambda name: None
            print(cairn.create_version("2026-11-21", "model.bin", history_path="model.bin"))
            print(cairn.create_version("2026-11-22", "model.bin", history_path="history.json", update=True))
            print(cairn.create_version("2026-11-23", "is-not-there"))
            """
        )
        self.assertIn("is no training history (it is the model file)", errors)
        first, second = ([e for e in self.entries(run) if e["kind"] == "commit"][0] for run in self._in_order())
        self.assertEqual((first["label"], first.get("history"), first["update"]), ("2026-11-21", None, False))
        self.assertEqual((second["label"], second["history"], second["update"]), ("2026-11-22", "history/history.json", True))
        self.assertEqual(self.said.split("\n")[2], "None")

    def _in_order(self) -> list:
        return sorted(self.inbox(), key=lambda run: self.entries(run)[0]["at"])

    def test_create_version_through_a_command(self) -> None:
        (self.root / "model.bin").write_bytes(b"weights")
        tools = self.directory / "tools"
        tools.mkdir()
        program = tools / "cairn"
        document = {"version": {"model": "digits", "number": 3}}
        program.write_text("#!%s\nimport json, sys\nprint(json.dumps(%r))\n" % (sys.executable, document))
        program.chmod(0o755)
        path = "%s%s%s" % (tools, os.pathsep, os.environ["PATH"])
        self.train("print(cairn.create_version('l', 'model.bin'))", PATH=path)
        self.assertEqual((self.said, self.inbox()), ("digits@v3\n", []))
        error = {"error": {"code": "label-taken", "message": "The label is taken.", "hint": "", "data": {}}}
        program.write_text("#!%s\nimport json, sys\nsys.stderr.write(json.dumps(%r))\nsys.exit(5)\n" % (sys.executable, error))
        errors = self.train("print(cairn.create_version('l', 'model.bin'))", PATH=path)
        self.assertIn("update=True", errors)
        self.assertEqual((self.said, self.inbox()), ("None\n", []))


class Pieces(unittest.TestCase):
    def test_numbers_of_other_libraries(self) -> None:
        class Scalar:
            def item(self) -> float:
                return 0.25

        self.assertEqual(_values.number_text(Scalar()), "0.25")
        self.assertEqual(_values.number_text(True), "1")
        self.assertIsNone(_values.number_text("1"))
        self.assertIsNone(_values.number_text([1.0]))

    def test_a_line_that_a_full_disk_cut_is_finished_later(self) -> None:
        written = []

        def write(_: int, data: bytes) -> int:
            if len(written) == 1:
                written.append(b"")
                raise OSError(28, "No space left on device")
            part = data[:5] if not written else data
            written.append(part)
            return len(part)

        with tempfile.TemporaryDirectory() as directory:
            journal = _journal.Journal(os.path.join(directory, "journal.jsonl"), write)
            journal.append('{"kind":"log"}')
            journal.flush(1.0)
            journal.append('{"kind":"end"}')
            journal.close()
        self.assertEqual(b"".join(written), b'{"kind":"log"}\n{"kind":"end"}\n')


if __name__ == "__main__":
    unittest.main()

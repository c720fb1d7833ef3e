#!/usr/bin/env python3
"""Tests of what can be tested without the peers: taking turns, comparing answers, and the tables. Needs nothing but Python."""

import io
import os
import runpy
import sys
import unittest
from contextlib import redirect_stderr
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent))

import contestants
from contestants import Failed, Fovea, Peer, Stretch
from heats import alternate, error
from networks import AS_WRITTEN, FAMILIES, NETWORKS, Limit
from report import Report, best_peer


class Fake:
    """A contestant that notes its turns and fails at the one told."""

    precision = "f32"

    def __init__(self, name, turns, fails_at=None):
        self.name, self.turns, self.fails_at = name, turns, fails_at
        self.peak_mb, self.closed, self.count = None, 0, 0

    def run(self, seconds):
        self.turns.append(self.name)
        self.count += 1
        if self.count == self.fails_at:
            raise Failed("lost")
        self.peak_mb = 10.0 * self.count
        return Stretch(3, self.count, self.count + 1)

    def close(self):
        self.closed += 1


class Turns(unittest.TestCase):
    def test_everyone_has_every_turn_and_another_begins_each_round(self):
        turns = []
        results = alternate({name: lambda name=name: Fake(name, turns) for name in "abc"}, 4, 0.1)
        self.assertEqual("".join(turns), "abc" "bca" "cab" "abc")
        self.assertEqual(results["b"], {
            "median_ms": [2, 3, 4, 5], "least_ms": [1, 2, 3, 4], "passes": [3] * 4, "precision": "f32", "peak_mb": 40.0})

    def test_one_that_cannot_start_or_fails_on_the_way_leaves_the_others_running(self):
        turns, made = [], {}

        def make(name, fails_at=None):
            made[name] = Fake(name, turns, fails_at)
            return made[name]

        def refuse():
            raise Failed("no such flag")

        results = alternate({"a": refuse, "b": lambda: make("b", fails_at=2), "c": lambda: make("c")}, 3, 0.1)
        self.assertEqual(results["a"], {"failed": "no such flag"})
        self.assertEqual(results["b"], {"failed": "lost"})
        self.assertEqual(results["c"]["least_ms"], [1, 2, 3])
        self.assertEqual((made["b"].closed, made["c"].closed), (1, 1))

    def test_all_are_closed_when_the_run_is_broken_off(self):
        fake = Fake("a", [])
        with mock.patch.object(fake, "run", side_effect=KeyboardInterrupt), self.assertRaises(KeyboardInterrupt):
            alternate({"a": lambda: fake}, 1, 0.1)
        self.assertEqual(fake.closed, 1)


class Answers(unittest.TestCase):
    reference = [[1.0, -4.0], [2.0, 0.5]]

    def test_the_error_is_relative_to_the_largest_logit_of_the_picture(self):
        self.assertEqual(error([[1.0, -4.0], [2.0, 0.5], [1.0, -3.0]], self.reference), 0.25)
        self.assertEqual(error(self.reference, self.reference), 0)

    def test_an_answer_that_is_not_finite_is_infinitely_wrong(self):
        for value in (float("nan"), float("inf"), -float("inf")):
            self.assertEqual(error([[1.0, -4.0], [value, 0.5]], self.reference), float("inf"))

    def test_a_wrong_number_of_logits_is_refused(self):
        with self.assertRaises(ValueError):
            error([[1.0]], self.reference)


class Processes(unittest.TestCase):
    """Contestants whose executables misbehave: small scripts in their place."""

    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        contestants._help.cache_clear()

    def script(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def fovea(self, body, usage=""):
        return self.script("fovea", f'#!/bin/sh\ncase "$*" in *--help*) echo "{usage}"; exit;; esac\n{body}\n')

    def peer(self, worker, patience=30):
        self.script("worker.py", worker)
        with mock.patch.object(contestants, "HERE", self.folder):
            return Peer("onnxruntime", "vgg16", self.folder, AS_WRITTEN, 1, 1, patience)

    def test_fovea_is_measured_by_its_own_figures(self):
        fovea = self.fovea('echo \'[{"precision": "f32", "passes": 7, "min_ms": 1.5, "median_ms": 2, "p99_ms": 9}]\'')
        contestant = Fovea(fovea, "model", "f32", 1, 1)
        self.assertEqual(contestant.run(0.1), Stretch(7, 1.5, 2))
        self.assertGreater(contestant.peak_mb, 0)

    def test_a_build_without_bfloat16_says_so_and_one_that_ignores_it_is_found_out(self):
        answer = 'echo \'[{"precision": "f32", "passes": 1, "min_ms": 1, "median_ms": 1}]\''
        with self.assertRaisesRegex(Failed, "no --precision"):
            Fovea(self.fovea(answer), "model", "bf16", 1, 1)
        contestants._help.cache_clear()
        with self.assertRaisesRegex(Failed, "ran in f32"):
            Fovea(self.fovea(answer, usage="--precision"), "model", "bf16", 1, 1).run(0.1)

    def test_what_fovea_says_when_it_fails_is_told(self):
        contestant = Fovea(self.fovea("echo refused: no weights >&2; exit 1"), "model", "f32", 1, 1)
        with self.assertRaisesRegex(Failed, "refused: no weights"):
            contestant.run(0.1)

    def test_logits_are_put_at_their_classes_and_in_the_order_of_the_pictures(self):
        lines = [
            f'{{"path": "x/{name}", "result": {{"predictions": [{{"index": 1, "logit": {value}}}, {{"index": 0, "logit": 0.5}}]}}}}'
            for name, value in (("b.png", 2), ("a.png", 1))]
        fovea = self.fovea("\n".join(f"echo '{line}'" for line in lines))
        self.assertEqual(contestants.fovea_logits(fovea, "model", "f32", ["a.png", "b.png"], 2), [[0.5, 1], [0.5, 2]])

    def test_a_peer_is_asked_and_stopped_between_its_turns(self):
        worker = (
            "import json, sys\nprint(json.dumps({'ready': True, 'precision': 'f32'}), flush=True)\n"
            "for line in sys.stdin: print(json.dumps({'times_ms': [3, 1, 2], 'peak_mb': 5}), flush=True)\n")
        peer = self.peer(worker)
        self.addCleanup(peer.close)
        self.assertEqual(peer.run(0.1), Stretch(3, 1, 2))
        # Told of its stop, and so it has happened; the process is not reaped.
        self.assertEqual(os.waitid(os.P_PID, peer._process.pid, os.WSTOPPED | os.WNOWAIT).si_code, os.CLD_STOPPED)

    def test_a_peer_that_refuses_ends_or_hangs_is_told_apart(self):
        with self.assertRaisesRegex(Failed, "no such operator"):
            self.peer("print('{\"failed\": \"no such operator\"}', flush=True)")
        with self.assertRaisesRegex(Failed, "ended with 3"):
            self.peer("raise SystemExit(3)")
        with self.assertRaisesRegex(Failed, "out of memory"):
            self.peer("import os; os.kill(os.getpid(), 9)")
        with self.assertRaisesRegex(Failed, "no answer within"):
            self.peer("import time; time.sleep(60)", patience=0.2)


def timed(*medians, **more):
    return {"median_ms": list(medians), "least_ms": list(medians), "passes": [1] * len(medians), **{"precision": "f32", **more}}


class Tables(unittest.TestCase):
    def results(self, contestants):
        heat = {"network": "odresnet18", "form": AS_WRITTEN, "threads": 1, "batch": 8, "contestants": contestants}
        return {
            "machine": {"processor": "P", "processors": 2, "memory_gib": 4, "system": "S"}, "versions": {"Fovea": "1"},
            "settings": {"rounds": 3, "seconds": 1, "combinations": [[1, 8]]}, "floors": {"f32": {"1": 100}, "bf16": {}, "read": {"1": 10}},
            "networks": {"odresnet18": {"parameters": 10**7, "operations": 10**9}}, "heats": [heat], "costs": [],
        }

    def test_the_ratio_is_to_the_fastest_float32_peer_by_medians_of_turns(self):
        peers = {"pytorch": timed(99), "onnxruntime": timed(40, 70, 60), "openvino": timed(1)}
        text = Report(self.results({**peers, "fovea-f32": timed(9, 10, 30)})).text()
        self.assertIn("| ODResNet-18, 4 kernels | **6.00** (≥ 6) |", text)

    def test_a_target_that_is_missed_is_not_bold(self):
        text = Report(self.results({"onnxruntime": timed(50), "fovea-f32": timed(10)})).text()
        self.assertIn("| ODResNet-18, 4 kernels | 5.00 (≥ 6) |", text)

    def test_a_fast_wrong_answer_beats_nobody(self):
        peers = {"pytorch": timed(99, error=1e-6), "onnxruntime": timed(1, error=0.3), "openvino-f32": {"failed": "x"}}
        self.assertEqual(best_peer(peers), ("pytorch", 99))
        text = Report(self.results({**peers, "fovea-f32": timed(1, error=float("inf"))})).text()
        self.assertIn("| ODResNet-18, 4 kernels | wrong answer |", text)

    def test_what_is_missing_is_a_dash_and_what_failed_is_named(self):
        text = Report(self.results({"onnxruntime": {"failed": "export: no"}})).text()
        self.assertIn("| ODResNet-18, 4 kernels | – |", text)
        self.assertIn("* odresnet18 as written: onnxruntime: export: no", text)

    def test_the_greater_limit_counts(self):
        text = Report(self.results({"onnxruntime": timed(160), "fovea-f32": timed(100)})).text()
        # 8 pictures of 1 GFLOP at 100 GFLOP/s, and 40 MB at 10 GB/s
        self.assertIn("| ODResNet-18, 4 kernels | 1, 8 | 80.0 | 4.00 | 100 | 80% | 50% (ONNX Runtime) |", text)

    def test_processors_that_were_far_apart_are_told(self):
        results = self.results({"onnxruntime": timed(160), "fovea-f32": timed(100)})
        self.assertNotIn("cache line", Report(results).text())
        results["heats"][0]["handover_ns"] = [50, 60]
        self.assertIn("back in 50 ns where they were nearest. They were so in all heats.", Report(results).text())
        results["heats"].append({**results["heats"][0], "batch": 1, "handover_ns": [50, 350]})
        self.assertIn("more than twice as far apart: odresnet18 as written at batch 1 (350).", Report(results).text())

    def test_half_the_bytes_are_held_against_openvino_as_it_comes(self):
        contestants = {"openvino": timed(30, error=0.01, precision="bf16"), "fovea-bf16": timed(10, error=0.002, precision="bf16"),
                       "fovea-i16": timed(15, error=0.0005, precision="i16")}
        text = Report(self.results(contestants)).text()
        self.assertIn("| 1, 8 | bf16 | bf16 | **3.00** (≥ 2.5) | 1.0e-02 | 2.0e-03 | 0.20 (≤ 0.1) |", text)
        self.assertIn("| 1, 8 | bf16 | i16 | 2.00 (≥ 2.5) | 1.0e-02 | 5.0e-04 | **0.05** (≤ 0.1) |", text)

    def test_costs_are_at_most(self):
        results = self.results({})
        results["costs"] = [{"family": "resnet18-cifar", "precision": "f32", "threads": 2, "batch": 1,
                             "contestants": {"resnet18-cifar": timed(2), "odresnet18": timed(8)}}]
        self.assertIn("| ODResNet-18, 4 kernels | f32 | 2, 1 | 2.00 | 8.00 | 4.00 (≤ 3.5) |", Report(results).text())

    def test_a_limit_depends_on_precision_only_for_a_lone_picture(self):
        limit = Limit(f32=3, bf16=2, batch8=1)
        self.assertEqual([limit.at("f32", 1), limit.at("bf16", 1), limit.at("f32", 8), limit.at("bf16", 8)], [3, 2, 1, 1])

    def test_every_family_names_networks(self):
        for base, members in FAMILIES.items():
            self.assertLessEqual({base, *members}, NETWORKS.keys())


class Options(unittest.TestCase):
    def parse(self, *told):
        run = runpy.run_path(str(Path(__file__).with_name("run")))
        with mock.patch.object(sys, "argv", ["run", *told]), redirect_stderr(io.StringIO()) as errors:
            try:
                return run["arguments"](), ""
            except SystemExit:
                return None, errors.getvalue()

    def test_wrong_ones_are_told(self):
        for told, message in (
            (["--networks", "vgg"], "'vgg' is none of"), (["--threads", "0"], "whole numbers"), (["--batches", "x"], "batches"),
            (["--rounds", "0"], "above 0"), (["--fovea", "/none"], "make build"),
        ):
            with self.subTest(told):
                self.assertIn(message, self.parse(*told)[1])

    def test_costs_can_be_left_out_and_the_peers_measured_alone(self):
        options, _ = self.parse("--costs", "none", "--runtimes", "onnxruntime", "--fovea", "/none")
        self.assertEqual((options.costs, options.runtimes), ([], ["onnxruntime"]))


if __name__ == "__main__":
    unittest.main()

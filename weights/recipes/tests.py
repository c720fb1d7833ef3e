#!/usr/bin/env python3
"""Tests of the recipes: the schedules with Python alone, the training where PyTorch is installed (`make recipes`).

usage: tests.py [unittest's options]

With FOVEA naming the executable, what was exported is loaded by it too.
"""

import itertools
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import recipes
import schedule

try:
    import torch
except ImportError:
    torch = None


class Schedules(unittest.TestCase):
    recipe = {"cycles": [{"epochs": 4, "rate": 0.2, "warm_up": 0.25}, {"epochs": 2, "rate": 0.1, "warm_up": 0.5}]}

    def test_rises_linearly_then_falls_to_nothing_in_each_cycle(self):
        rates = [schedule.rate_at(step, 10, self.recipe) for step in range(60)]
        # Ten steps of warm-up: a constant difference, below the peak until the eleventh step.
        self.assertAlmostEqual(rates[1] - rates[0], rates[9] - rates[8])
        self.assertAlmostEqual(rates[10], 0.2)
        self.assertEqual(max(rates), rates[10])
        self.assertTrue(all(a > b for a, b in zip(rates[10:39], rates[11:40])))
        self.assertLess(rates[39], 0.001)
        self.assertAlmostEqual(max(rates[40:]), 0.1)
        self.assertAlmostEqual(rates[25], 0.1)  # half way down a cosine

    def test_temperature_falls_linearly_and_stays_at_one(self):
        recipe = {"cooling": {"from": 31.0, "part": 0.5}}
        self.assertEqual([schedule.temperature_at(step, 100, recipe) for step in (0, 25, 50, 99)], [31, 16, 1, 1])
        self.assertIsNone(schedule.temperature_at(3, 100, {}))

    def test_interval_is_wilsons(self):
        low, high = schedule.interval(9100, 10_000)
        self.assertAlmostEqual(low, 90.42, 2)
        self.assertAlmostEqual(high, 91.55, 2)
        self.assertAlmostEqual(schedule.interval(10, 10)[1], 100)
        self.assertAlmostEqual(schedule.interval(0, 10)[0], 0)

    def test_compared_models_share_the_budgets_of_their_kind(self):
        told = {}
        for name, recipe in recipes.COMPARED.items():
            fixed = [recipe.get(key) for key in ("start", "cycles", "batch", "weight_decay", "label_smoothing", "seed", "train_args")]
            budget = json.dumps([*fixed, recipe["model_args"].get("width"), recipe["model_args"].get("base_width")])
            told.setdefault(name.split("-")[0], {}).setdefault(budget, set()).add(recipe["model_args"].get("attention"))
        # From nothing the plain network and that whose layers have no counterpart in it; from its weights those that keep them, and it again.
        resnets, vggs = (list(told[kind].values()) for kind in ("resnet20", "vgg16"))
        self.assertCountEqual(resnets, [{None, "splat"}, {None, "se", "odconv", "dyconv", "cbam", "sge", "scse", "sc", "sk", "a2"}])
        self.assertCountEqual(vggs, [{None}, {None, "local", "dynamic"}])
        self.assertEqual(told["resnet18"].keys(), told["odresnet"].keys())
        self.assertEqual(len(recipes.COMPARED), 18)

    def test_what_a_recipe_starts_from_starts_from_nothing(self):
        for name, recipe in recipes.RECIPES.items():
            if start := recipe.get("start"):
                self.assertNotIn("start", recipes.RECIPES[start], name)

    def test_an_architecture_for_every_attention(self):
        attentions = {r["model_args"].get("attention") for r in recipes.COMPARED.values()}
        self.assertEqual(attentions, {None, "local", "dynamic", "se", "cbam", "sk", "sge", "scse", "sc", "splat", "a2", "dyconv", "odconv"})

    def test_epochs_are_for_the_compared_models(self):
        longer = recipes.with_epochs(recipes.COMPARED["resnet20-cifar10"], 200)
        self.assertEqual(schedule.epochs_of(longer), 200)
        self.assertEqual(schedule.epochs_of(recipes.COMPARED["resnet20-cifar10"]), 20)
        self.assertRaises(ValueError, recipes.with_epochs, recipes.FIRST["vgg16-local-cifar10"], 3)

    def test_temperature_ends_where_the_configuration_is(self):
        for name, recipe in recipes.COMPARED.items():
            if "cooling" in recipe:
                arguments = recipe["model_args"]
                self.assertEqual(arguments.get("attention_args", arguments)["temperature"], 1, name)


@unittest.skipIf(torch is None, "PyTorch is not installed")
class Training(unittest.TestCase):
    """On a handful of pictures: two steps an epoch, batches of four."""

    def setUp(self):
        torch.set_num_threads(1)
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        generator = torch.Generator().manual_seed(7)
        self.pictures = torch.randint(0, 256, (8, 3, 32, 32), dtype=torch.uint8, generator=generator)
        self.labels = torch.arange(8)

    def run_of(self, name, work, epochs=2, **train_args):
        from train import Run

        recipe = {**recipes.with_epochs(recipes.COMPARED[name], epochs), "batch": 4, "train_args": train_args}
        return Run(name, recipe, self.pictures, self.labels, Path(self.folder.name) / work)

    def test_a_resumed_run_equals_an_uninterrupted_one(self):
        # One with dropout, one whose temperature moves.
        for name, told in (("vgg16-narrow-local-cifar10", {"dropout": 0.1}), ("resnet20-odconv-cifar10", {})):
            whole = self.run_of(name, "whole", **told)
            whole.train_epoch(), whole.train_epoch()
            self.run_of(name, "parts", **told).train_epoch()
            torch.manual_seed(99)  # what another process would have
            rest = self.run_of(name, "parts", **told)
            self.assertEqual(rest.epoch, 1)
            rest.train_epoch()
            for key, value in whole.model.state_dict().items():
                self.assertTrue(torch.equal(value, rest.model.state_dict()[key]), f"{name}: {key}")

    def test_training_changes_every_parameter(self):
        for name in recipes.COMPARED:
            run = self.run_of(name, "changes", epochs=4)
            before = {key: value.detach().clone() for key, value in run.model.named_parameters()}
            for _ in range(2):
                run.train_epoch()
            # The first step of a warm-up is small, not nothing. A softmax over positions does not see what is added to all of them, and the one or two
            # hidden values of a narrow VGG's attention may be below 0 on all eight pictures.
            still = ("convB.bias", "attention.1.bias") if name.startswith("vgg16") else ("convB.bias",)
            same = [key for key, value in run.model.named_parameters() if torch.equal(value, before[key]) and not key.endswith(still)]
            self.assertEqual(same, [], name)

    def test_a_network_with_a_block_starts_from_the_plain_ones_weights(self):
        from models import build
        from safetensors.torch import load_file
        from train import SHIPPED, Run, inherit

        plain = load_file(SHIPPED / "resnet20-cifar10" / "model.safetensors")
        for name, block in (("resnet20-se-cifar10", ".attention."), ("resnet20-odconv-cifar10", ".conv2."), ("resnet20-further-cifar10", None)):
            recipe = recipes.COMPARED[name]
            torch.manual_seed(recipe["seed"])
            fresh = build(recipe["architecture"], 10, recipe["model_args"]).state_dict()
            started = self.run_of(name, "started").model.state_dict()
            for key, value in started.items():
                if key.endswith(".conv2.weight") and value.ndim == 5:
                    noise = (value - plain[key].float()) / plain[key].float().std()
                    self.assertAlmostEqual(noise.std().item(), 0.5, 1, f"{name}: {key}")
                    self.assertFalse(torch.equal(value[0], value[1]), f"{name}: {key}")
                else:
                    self.assertTrue(torch.equal(value, fresh[key] if block and block in key else plain[key].to(value.dtype)), f"{name}: {key}")
            alone = Run(name, {**recipes.from_scratch(recipe), "batch": 4}, self.pictures, self.labels, Path(self.folder.name) / "alone").model
            self.assertTrue(all(torch.equal(value, fresh[key]) for key, value in alone.state_dict().items()), name)
        # VGG counts gates among its layers, and blocks have convolutions of their own inside.
        for name, there, here in (
            ("vgg16-narrow-local-cifar10", "features.7.weight", "features.8.weight"),
            ("vgg16-narrow-dynamic-cifar10", "features.3.weight", "features.3.base_conv.weight"),
            ("resnet20-sc-cifar10", "layer1.0.conv2.weight", "layer1.0.conv2.k4.0.weight"),
        ):
            started = self.run_of(name, "started").model.state_dict()
            given = load_file(SHIPPED / recipes.COMPARED[name]["start"] / "model.safetensors")
            self.assertTrue(torch.equal(started[here], given[there].float()), name)
        # A selective kernel's branches begin as one convolution, and what a double attention adds as nothing.
        started = self.run_of("resnet20-sk-cifar10", "started").model.layer2[1].conv2.convs
        kernel = plain["layer2.1.conv2.weight"].float()
        self.assertTrue(torch.equal(started[0][0].weight, kernel))
        self.assertTrue(torch.equal(started[1][0].weight[:, :, 1:-1, 1:-1], kernel))
        self.assertEqual(started[1][0].weight.count_nonzero(), kernel.count_nonzero())
        x = torch.randn(2, 3, 32, 32)
        begun = self.run_of("resnet20-a2-cifar10", "started").model.eval()
        unchanged = self.run_of("resnet20-further-cifar10", "started").model.eval()
        self.assertLess((begun(x) - unchanged(x)).abs().max().item(), 1e-5)
        # Of the same name and another shape is another layer.
        wider = build("resnet18", 10, {**recipes.COMPARED["resnet20-cifar10"]["model_args"], "base_width": 32})
        untouched = inherit(wider, SHIPPED / "resnet20-cifar10")
        self.assertIn("conv1.weight", untouched)
        self.assertNotIn("fc.bias", untouched)

    def test_another_schedule_does_not_go_on_from_a_checkpoint(self):
        self.run_of("resnet20-cifar10", "mixed").train_epoch()
        with self.assertRaises(SystemExit):
            self.run_of("resnet20-cifar10", "mixed", epochs=3)

    def test_what_is_exported_is_what_was_trained(self):
        from export import export
        from models import build
        from safetensors.torch import load_file

        out = Path(self.folder.name) / "models"
        for name, recipe in recipes.COMPARED.items():
            run = self.run_of(name, "export", epochs=1)
            run.train_epoch()
            right = export(name, recipe, run.model, (self.pictures, self.labels), out / name)
            self.assertIn(f"{right} of the 8 test pictures", (out / name / "README.md").read_text())
            # What an untrained network gets right may differ in float16; in float32 each is still small.
            self.assertLess((out / name / "model.safetensors").stat().st_size, 9_500_000)
            configuration = json.loads((out / name / "config.json").read_text())
            served = build(configuration["architecture"], 10, configuration["model_args"])
            served.load_state_dict(load_file(out / name / "model.safetensors"))
            pairs = zip(served.state_dict().values(), run.model.state_dict().values())
            # float16 keeps 11 bits, and below its normal numbers steps of 2⁻²⁴.
            worst = max(((a.float() - b.float()).abs() - b.float().abs() * 2**-11).max().item() for a, b in pairs)
            self.assertLessEqual(worst, 2**-25, name)
        if fovea := os.environ.get("FOVEA"):
            listing = subprocess.run([fovea, "models", "--models", str(out)], capture_output=True, text=True, check=True).stdout
            self.assertEqual(listing.count(" ready"), len(recipes.COMPARED), listing)

    def test_dynamic_convolution_is_its_definition(self):
        from models.dyconv import DYConv2d

        torch.manual_seed(3)
        module = DYConv2d(6, 8, 3, stride=2, padding=1, groups=2, K=3, temperature=2).double()
        torch.nn.init.normal_(module.bias)
        x = torch.randn(3, 6, 7, 9, dtype=torch.double)
        for picture, mix, out in zip(x, module.attention(x), module(x)):
            kernel = sum(part * weight for part, weight in zip(mix, module.weight))
            bias = sum(part * weight for part, weight in zip(mix, module.bias))
            expected = torch.nn.functional.conv2d(picture[None], kernel, bias, 2, 1, 1, 2)[0]
            self.assertLess((out - expected).abs().max().item(), 1e-12)

    def test_intervals_over_seeds(self):
        from seeds import control, pooled, read, student, table

        # From a table of Student's t.
        for freedom, quantile in ((1, 12.706), (2, 4.303), (10, 2.228), (120, 1.980)):
            self.assertAlmostEqual(student(freedom), quantile, delta=0.001)
        # Squares of 2 and 8 around the means, over one degree of freedom and two.
        self.assertEqual(pooled([[9000, 9002], [9100, 9102, 9104], [9050]]), ((10 / 3) ** 0.5, 3))
        self.assertEqual(control("resnet20-splat-cifar10"), "resnet20-cifar10")
        self.assertEqual(control("odresnet-cifar10"), "resnet18-narrow-cifar10")
        self.assertEqual(control("vgg16-narrow-local-cifar10"), "vgg16-narrow-further-cifar10")
        rows = table({"resnet20-further-cifar10": {1: 9000, 2: 9010}, "resnet20-se-cifar10": {1: 9020, 2: 9030}})
        # The deviation is √50 on two degrees of freedom; the means' difference has as much.
        self.assertIn("| +0.20 (−0.10 to +0.50) |", rows[-1])
        written = (Path(__file__).resolve().parent.parent / "README.md").read_text()
        for row in table(read()):
            self.assertIn(row, written)
        for name, counts in read().items():
            self.assertTrue(all(8_000 < right < 10_000 for right in counts.values()), name)

    def test_faster_forms_are_their_definitions(self):
        import copy

        from faster import FORMS, quicken
        from models.plug_ins import plug_in

        torch.manual_seed(5)
        arguments = [("scse", {}), ("local", {}), ("sge", {"groups": 4}), ("cbam", {"ratio": 4}), ("cbam", {"ratio": 2, "kernel_size": 3}), ("sk", {"M": 2, "G": 4}),
                     ("sk", {"M": 3}), ("splat", {"radix": 2, "norm_layer": "BatchNorm2d"}), ("splat", {"radix": 4}), ("splat", {"radix": 1}),
                     ("splat", {"radix": 2, "groups": 2}),
                     ("odconv", {"kernel_num": 4}), ("odconv", {"kernel_num": 1}), ("odconv", {"kernel_num": 4, "groups": 2}), ("odconv", {"dilation": 2}),
                     ("dyconv", {"K": 4, "bias": False}), ("dyconv", {"K": 2, "groups": 4})]
        seen = set()
        for (name, told), (channels, height, width) in itertools.product(arguments, ((8, 5, 7), (24, 9, 3), (16, 1, 6))):
            gate, convolution = plug_in(name, told)
            stride = 2 if name in ("odconv", "dyconv") and height > 6 else 1
            # In float64, where a norm over three pictures is no excuse.
            definition = (gate(channels) if gate else convolution(channels, channels, stride, 1)).double()
            for parameter in definition.parameters():
                torch.nn.init.normal_(parameter, std=0.5)
            form = quicken(copy.deepcopy(definition))
            seen.add(type(definition))
            self.assertEqual(list(form.state_dict()), list(definition.state_dict()))
            inputs = [torch.randn(3, channels, height, width, dtype=torch.double).contiguous(memory_format=torch.channels_last).requires_grad_()]
            inputs.append(inputs[0].detach().clone().requires_grad_())
            outputs = [module(x) for module, x in zip((definition, form), inputs)]
            for out in outputs:
                out.backward(torch.linspace(-1, 1, out.numel(), dtype=torch.double).view(out.shape))
            pairs = [outputs, [x.grad for x in inputs], *zip((p.grad for p in definition.parameters()), (p.grad for p in form.parameters())),
                     *zip(definition.buffers(), form.buffers())]
            for expected, made in pairs:
                self.assertLessEqual((made - expected).abs().max().item(), 1e-9 * max(1, expected.abs().max().item()), (name, told))
        self.assertEqual(seen, set(FORMS))

    def test_augmentation_moves_and_mirrors_whole_pictures(self):
        from cifar10 import augment

        cut = augment(self.pictures, torch.Generator().manual_seed(1), crop=False)
        for picture, made in zip(self.pictures, cut):
            self.assertTrue(torch.equal(made, picture) or torch.equal(made, picture.flip(2)))
        moved = augment(self.pictures, torch.Generator().manual_seed(1))
        padded = torch.nn.functional.pad(self.pictures, (4, 4, 4, 4))
        for picture, made in zip(padded, moved):
            windows = [picture[:, y:y + 32, x:x + 32] for y in range(9) for x in range(9)]
            self.assertTrue(any(torch.equal(made, w) or torch.equal(made, w.flip(2)) for w in windows))

    def test_command_line_trains_and_goes_on(self):
        data = Path(self.folder.name) / "data"
        data.mkdir()
        row = struct.pack("B", 3) + bytes(3072)
        for name in [f"data_batch_{n}.bin" for n in range(1, 6)] + ["test_batch.bin"]:
            (data / name).write_bytes(row * 26)
        command = [sys.executable, str(Path(__file__).parent / "train.py"), "--data", str(data), "--work", str(data / "runs"), "--threads", "1"]
        two = ["vgg16-narrow-cifar10", "resnet20-cifar10"]
        subprocess.run([*command, *two, "--epochs", "2", "--parallel", "2", "--test-every", "2"], check=True, capture_output=True)
        for name in two:
            lines = [json.loads(line) for line in (data / "runs" / name / "log.jsonl").read_text().splitlines()]
            self.assertEqual([(line["epoch"], "test_right" in line) for line in lines], [(1, False), (2, True)])
        # Finished: nothing is trained again.
        subprocess.run([*command, two[0], "--epochs", "2"], check=True, capture_output=True)
        self.assertEqual(len((data / "runs" / two[0] / "log.jsonl").read_text().splitlines()), 2)
        self.assertNotEqual(subprocess.run([*command, two[0], "--epochs", "0"], capture_output=True).returncode, 0)


if __name__ == "__main__":
    unittest.main()

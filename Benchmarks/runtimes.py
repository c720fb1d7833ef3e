"""The peers, each as a function that loads a prepared network and returns how to run it: pictures as an array to logits as an array.

Each imports its library itself, so that a process holds no more than one of them.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from networks import NETWORKS, export_name


@dataclass(frozen=True)
class Case:
    """What one process of a peer runs."""

    network: str
    folder: Path
    form: str
    batch: int
    threads: int

    def exported(self):
        """The path of the exported network."""
        path = self.folder / export_name(self.form, self.batch)
        if not path.exists():
            facts = json.loads((self.folder / "facts.json").read_text())
            raise RuntimeError(facts["export_failures"].get(path.name, f"{path.name} is missing"))
        return str(path)


def _torch_model(case):
    import torch
    from safetensors.torch import load_file

    from forms import create

    torch.set_num_threads(case.threads)
    torch.set_num_interop_threads(1)
    with torch.device("meta"):  # no memory for weights that are replaced at once
        model = create(NETWORKS[case.network], case.form)
    model.load_state_dict(load_file(case.folder / "model" / "model.safetensors"), assign=True)
    return torch, model.requires_grad_(False)


def torch_eager(case):
    torch, model = _torch_model(case)

    def run(x):
        with torch.inference_mode():
            return model(torch.from_numpy(x)).numpy()

    return run, "float32"


def torch_compiled(case):
    torch, model = _torch_model(case)
    from torch._inductor import config

    config.freezing = True
    compiled = torch.compile(model, dynamic=False)

    def run(x):
        with torch.no_grad():
            return compiled(torch.from_numpy(x)).numpy()

    return run, "float32"


def onnx_runtime(case):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = case.threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(case.exported(), options, providers=["CPUExecutionProvider"])
    return (lambda x: session.run(None, {"input": x})[0]), "float32"


def _openvino(case, **settings):
    import openvino

    settings = {"INFERENCE_NUM_THREADS": case.threads, "PERFORMANCE_HINT": "LATENCY", **settings}
    model = openvino.Core().compile_model(case.exported(), "CPU", settings)
    request = model.create_infer_request()
    precision = model.get_property("INFERENCE_PRECISION_HINT").get_type_name()
    return (lambda x: request.infer([x], share_inputs=True)[0]), precision


def openvino_f32(case):
    return _openvino(case, INFERENCE_PRECISION_HINT="f32")


def openvino_as_it_comes(case):
    return _openvino(case)


RUNTIMES = {
    "pytorch": torch_eager,
    "pytorch-compiled": torch_compiled,
    "onnxruntime": onnx_runtime,
    "openvino-f32": openvino_f32,
    "openvino": openvino_as_it_comes,
}

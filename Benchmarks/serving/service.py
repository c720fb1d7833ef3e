"""What people serve such models with: FastAPI on uvicorn, Pillow, and ONNX Runtime, one process.

    FOVEA_ONNX=FILE FOVEA_SIDE=224 FOVEA_THREADS=2 uvicorn service:app --port 8090

Answers `POST /classify` with a picture as its body, as Fovea does with `attention=none`. The picture is prepared as timm's and torchvision's transforms do it.
"""

import io
import os
import time

import numpy as np
import onnxruntime
from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from PIL import Image, ImageOps, UnidentifiedImageError

MEAN = np.array((0.485, 0.456, 0.406), np.float32)
STD = np.array((0.229, 0.224, 0.225), np.float32)
SIDE = int(os.environ["FOVEA_SIDE"])

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(os.environ["FOVEA_THREADS"])
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(os.environ["FOVEA_ONNX"], options, providers=["CPUExecutionProvider"])
app = FastAPI()


def prepare(body):
    """[1, 3, side, side]: the shorter side resized to the network's, the middle cropped."""
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(body))).convert("RGB")
    width, height = picture.size
    scale = SIDE / min(width, height)
    picture = picture.resize((max(SIDE, int(width * scale)), max(SIDE, int(height * scale))), Image.BICUBIC)
    left, top = round((picture.width - SIDE) / 2), round((picture.height - SIDE) / 2)
    picture = picture.crop((left, top, left + SIDE, top + SIDE))
    values = (np.asarray(picture, np.float32) / 255 - MEAN) / STD
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])


def predict(body):
    start = time.perf_counter()
    values = prepare(body)
    prepared = time.perf_counter()
    logits = session.run(None, {"input": values})[0][0]
    done = time.perf_counter()
    odds = np.exp(logits.astype(np.float64) - logits.max())
    odds /= odds.sum()
    best = np.argsort(-odds)[:5]
    return {
        "predictions": [{"index": int(index), "probability": float(odds[index]), "logit": float(logits[index])} for index in best],
        "timing_ms": {"preprocess": 1000 * (prepared - start), "inference": 1000 * (done - prepared)},
    }


@app.post("/classify")
async def classify(request: Request):
    body = await request.body()
    try:
        return await run_in_threadpool(predict, body)
    except UnidentifiedImageError as error:
        raise HTTPException(415, str(error)) from error

"""Makes the golden files of the encoder tests: small random ViT, DeiT, BERT and Swin models, and a MobileNetV2, with what each layer makes of an input.

    python3 test/Unseen.Tests/Models/Encoders/Golden/generate.py

Needs NumPy only and computes in 64-bit floats, written from the papers' equations with plain loops over heads and windows, so that it shares
nothing with the library. In the files, "weight/NAME" are weights under their published names, "input/..." and "output/..." the rest.
"""
import json
import math
import os
import struct
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))


def write(name, tensors):
    header, data = {}, b""
    for key in sorted(tensors, key=lambda k: (-tensors[k].itemsize, k)):
        value = np.ascontiguousarray(tensors[key])
        kind = {"float32": "F32", "int64": "I64"}[str(value.dtype)]
        header[key] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [len(data), len(data) + value.nbytes]}
        data += value.tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(here, name + ".safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class Model:
    """Weights rounded to 32 bits once, then used in 64 bits."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.tensors = {}

    def weight(self, name, *shape, deviation=0.3, mean=0.0):
        value = (self.random.standard_normal(shape) * deviation + mean).astype(np.float32)
        self.tensors["weight/" + name] = value
        return value.astype(np.float64)

    def linear(self, x, name, outputs, bias=True):
        y = x @ self.weight(name + ".weight", outputs, x.shape[-1]).T
        return y + self.weight(name + ".bias", outputs) if bias else y

    def norm(self, x, name, epsilon):
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        scale = self.weight(name + ".weight", x.shape[-1], mean=1.0)
        return (x - mean) / np.sqrt(variance + epsilon) * scale + self.weight(name + ".bias", x.shape[-1])

    def patches(self, pictures, name, patch, outputs):
        batch, channels, height, width = pictures.shape
        kernel = self.weight(name + ".weight", outputs, channels, patch, patch)
        bias = self.weight(name + ".bias", outputs)
        result = np.zeros((batch, height // patch, width // patch, outputs))
        for row in range(height // patch):
            for column in range(width // patch):
                cut = pictures[:, :, row * patch:(row + 1) * patch, column * patch:(column + 1) * patch]
                result[:, row, column] = cut.reshape(batch, -1) @ kernel.reshape(outputs, -1).T + bias
        return result

    def put(self, kind, name, value):
        self.tensors[kind + "/" + name] = value if value.dtype == np.int64 else value.astype(np.float32)


def gelu(x, approximate=False):
    if approximate:
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def softmax(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


def attend(queries, keys, values, heads, allowed=None, bias=None):
    """One text, picture or window at a time, one head at a time."""
    result = np.zeros_like(queries)
    width = queries.shape[-1] // heads
    for item in range(len(queries)):
        for head in range(heads):
            part = slice(head * width, (head + 1) * width)
            scores = queries[item, :, part] @ keys[item, :, part].T / math.sqrt(width)
            if bias is not None:
                scores = scores + bias[head]
            if allowed is not None:
                scores = np.where(allowed[item], scores, -np.inf)
            result[item, :, part] = softmax(scores) @ values[item, :, part]
    return result


def cubic(positions_out, positions_in):
    """Weights [out, in] of a bicubic resize with a = -0.75, pixel centres at halves, border repeated."""
    a, weights = -0.75, np.zeros((positions_out, positions_in))
    for i in range(positions_out):
        at = (i + 0.5) * positions_in / positions_out - 0.5
        base = math.floor(at)
        for tap in range(base - 1, base + 3):
            d = abs(at - tap)
            if d <= 1:
                value = (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1
            elif d < 2:
                value = a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a
            else:
                value = 0
            weights[i, min(max(tap, 0), positions_in - 1)] += value
    return weights


def vision(name, seed, prefix, distilled, image, other):
    """Image 8 pixels, patch 4, hidden 8, 2 blocks of 2 heads, perceptron 12 wide, 3 classes. The other picture has another size."""
    model, hidden, patch, heads, wide, classes = Model(seed), 8, 4, 2, 12, 3
    pictures = model.random.standard_normal((2, 3, image, image)).astype(np.float32)
    larger = model.random.standard_normal((1, 3) + other).astype(np.float32)
    model.put("input", "pixels", pictures)
    model.put("input", "other_pixels", larger)
    special = [model.weight(prefix + "embeddings.cls_token", 1, 1, hidden)]
    if distilled:
        special.append(model.weight(prefix + "embeddings.distillation_token", 1, 1, hidden))
    count, grid = len(special), image // patch
    positions = model.weight(prefix + "embeddings.position_embeddings", 1, count + grid * grid, hidden)
    state = model.random.bit_generator.state

    def run(pixels, record):
        model.random.bit_generator.state = state  # the same weights for both pictures
        cut = model.patches(pixels.astype(np.float64), prefix + "embeddings.patch_embeddings.projection", patch, hidden)
        batch, rows, columns, _ = cut.shape
        table = positions[0, count:].reshape(grid, grid, hidden)
        table = np.einsum("yi,xj,ijh->yxh", cubic(rows, grid), cubic(columns, grid), table)
        x = np.concatenate([np.repeat(s, batch, 0) for s in special] + [cut.reshape(batch, -1, hidden)], 1)
        x = x + np.concatenate([positions[0, :count], table.reshape(-1, hidden)])
        record("embedding", x)
        for i in range(2):
            block = f"{prefix}encoder.layer.{i}."
            normed = model.norm(x, block + "layernorm_before", 1e-12)
            q, k, v = [model.linear(normed, block + "attention.attention." + p, hidden) for p in ("query", "key", "value")]
            x = x + model.linear(attend(q, k, v, heads), block + "attention.output.dense", hidden)
            normed = model.norm(x, block + "layernorm_after", 1e-12)
            x = x + model.linear(gelu(model.linear(normed, block + "intermediate.dense", wide)), block + "output.dense", hidden)
            record(f"block{i}", x)
        x = model.norm(x, prefix + "layernorm", 1e-12)
        record("tokens", x)
        if distilled:
            logits = (model.linear(x[:, 0], "cls_classifier", classes) + model.linear(x[:, 1], "distillation_classifier", classes)) / 2
        else:
            logits = model.linear(x[:, 0], "classifier", classes)
        record("logits", logits)

    run(pictures, lambda key, value: model.put("output", key, value))
    run(larger, lambda key, value: model.put("output", "other_" + key, value))
    write(name, model.tensors)


def bert(name, seed, approximate):
    """Vocabulary 11, hidden 8, 2 blocks of 2 heads, perceptron 12 wide, 7 positions; the second text has padding."""
    model, hidden, heads, wide, vocabulary, positions = Model(seed), 8, 2, 12, 11, 7
    tokens = np.array([[1, 5, 9, 3, 2], [1, 10, 2, 0, 0]], np.int64)
    mask = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]], np.int64)
    types = np.array([[0, 0, 0, 1, 1], [0, 0, 0, 0, 0]], np.int64)
    for key, value in (("tokens", tokens), ("mask", mask), ("types", types)):
        model.put("input", key, value)
    words = model.weight("bert.embeddings.word_embeddings.weight", vocabulary, hidden)
    places = model.weight("bert.embeddings.position_embeddings.weight", positions, hidden)
    kinds = model.weight("bert.embeddings.token_type_embeddings.weight", 2, hidden)
    x = model.norm(words[tokens] + places[:5] + kinds[types], "bert.embeddings.LayerNorm", 1e-12)
    model.put("output", "embedding", x)
    allowed = [np.repeat(m[None] == 1, 5, 0) for m in mask]
    for i in range(2):
        block = f"bert.encoder.layer.{i}."
        q, k, v = [model.linear(x, block + "attention.self." + p, hidden) for p in ("query", "key", "value")]
        attended = model.linear(attend(q, k, v, heads, allowed), block + "attention.output.dense", hidden)
        x = model.norm(x + attended, block + "attention.output.LayerNorm", 1e-12)
        expanded = gelu(model.linear(x, block + "intermediate.dense", wide), approximate)
        x = model.norm(x + model.linear(expanded, block + "output.dense", hidden), block + "output.LayerNorm", 1e-12)
        model.put("output", f"block{i}", x)
    model.put("output", "pooled", np.tanh(model.linear(x[:, 0], "bert.pooler.dense", hidden)))
    model.linear(x, "cls.predictions.transform.dense", hidden)  # names of the head, which is not used
    model.norm(x, "cls.predictions.transform.LayerNorm", 1e-12)
    model.weight("cls.predictions.bias", vocabulary)
    write(name, model.tensors)


def swin(name, seed, height, width):
    """Patch 2, width 4 then 8, windows of 3, stages of 2 blocks with 1 and 2 heads, perceptron 2 times as wide, 3 classes."""
    model, patch, window, classes = Model(seed), 2, 3, 3
    pictures = model.random.standard_normal((2, 3, height, width)).astype(np.float32)
    model.put("input", "pixels", pictures)
    x = model.patches(pictures.astype(np.float64), "swin.embeddings.patch_embeddings.projection", patch, 4)
    x = model.norm(x, "swin.embeddings.norm", 1e-5)
    model.put("output", "embedding", x.reshape(2, -1, 4))
    for stage, heads in enumerate((1, 2)):
        for index in range(2):
            shift = window // 2 if index == 1 and min(x.shape[1:3]) > window else 0
            x = swin_block(model, f"swin.encoder.layers.{stage}.blocks.{index}.", x, window, shift, heads)
            model.put("output", f"stage{stage}_block{index}", x.reshape(2, -1, x.shape[-1]))
        if stage == 0:
            x = np.pad(x, ((0, 0), (0, x.shape[1] % 2), (0, x.shape[2] % 2), (0, 0)))
            quarters = [x[:, row::2, column::2] for row, column in ((0, 0), (1, 0), (0, 1), (1, 1))]
            merged = model.norm(np.concatenate(quarters, -1), "swin.encoder.layers.0.downsample.norm", 1e-5)
            x = model.linear(merged, "swin.encoder.layers.0.downsample.reduction", 8, bias=False)
            model.put("output", "merged", x.reshape(2, -1, 8))
    x = model.norm(x.reshape(2, -1, 8), "swin.layernorm", 1e-5)
    model.put("output", "tokens", x)
    model.put("output", "logits", model.linear(x.mean(1), "classifier", classes))
    write(name, model.tensors)


def swin_block(model, block, x, window, shift, heads):
    batch, height, width, hidden = x.shape
    table = model.weight(block + "attention.self.relative_position_bias_table", (2 * window - 1) ** 2, heads)
    normed = model.norm(x, block + "layernorm_before", 1e-5)
    tall, broad = -(-height // window) * window, -(-width // window) * window
    padded = np.zeros((batch, tall, broad, hidden))
    padded[:, :height, :width] = normed
    q, k, v = [model.linear(padded, block + "attention.self." + p, hidden) for p in ("query", "key", "value")]
    places = [(i, j) for i in range(window) for j in range(window)]
    bias = np.zeros((heads, len(places), len(places)))
    for a, (i, j) in enumerate(places):
        for b, (m, n) in enumerate(places):
            bias[:, a, b] = table[(i - m + window - 1) * (2 * window - 1) + (j - n + window - 1)]

    def region(place, size):  # what a cyclic shift brings together must not see each other
        return 0 if place < size - window else 1 if place < size - shift else 2

    result = np.zeros_like(padded)
    for top in range(0, tall, window):
        for left in range(0, broad, window):
            rows = [(top + i, left + j) for i, j in places]            # in the shifted picture
            source = [((r + shift) % tall, (c + shift) % broad) for r, c in rows]
            labels = [(region(r, tall), region(c, broad)) if shift else 0 for r, c in rows]
            allowed = np.array([[a == b for b in labels] for a in labels])
            ys, xs = [s[0] for s in source], [s[1] for s in source]
            result[:, ys, xs] = attend(q[:, ys, xs], k[:, ys, xs], v[:, ys, xs], heads, [allowed] * batch, bias)
    x = x + model.linear(result[:, :height, :width], block + "attention.output.dense", hidden)
    normed = model.norm(x, block + "layernorm_after", 1e-5)
    return x + model.linear(gelu(model.linear(normed, block + "intermediate.dense", 2 * hidden)), block + "output.dense", hidden)


def mobilenet(name, height, width):
    """
    MobileNetV2 whole, but for its classes. Its two million weights are no part of the file: in the ordinal order of their names they are the numbers of one linear
    congruential generator modulo 2^32, x -> 1664525 x + 1013904223 from 1, as u = x / 2^32 - 1/2.
    """
    shapes, start = {}, "mobilenetv20_features_"
    blocks = [(16, 1), (24, 2), (24, 1), (32, 2), (32, 1), (32, 1), (64, 2), (64, 1), (64, 1), (64, 1), (96, 1), (96, 1), (96, 1), (160, 2), (160, 1),
              (160, 1), (320, 1)]

    def declare(block, index, outputs, inputs, side):
        shapes[f"{block}conv{index}_weight"] = (outputs, inputs, side, side)
        for part in ("gamma", "beta", "running_mean", "running_var"):
            shapes[f"{block}batchnorm{index}_{part}"] = (outputs,)

    declare(start, 0, 32, 3, 3)
    channels = 32
    for i, (outputs, _) in enumerate(blocks):
        block, wide = f"{start}linearbottleneck{i}_", channels if i == 0 else 6 * channels
        declare(block, 0, wide, channels, 1)
        declare(block, 1, wide, 1, 3)
        declare(block, 2, outputs, wide, 1)
        channels = outputs
    declare(start, 1, 1280, channels, 1)

    weights, x = {}, 1
    for key in sorted(shapes):
        values = np.empty(math.prod(shapes[key]))
        for i in range(len(values)):
            x = (1664525 * x + 1013904223) % 2 ** 32
            values[i] = x / 2 ** 32 - 0.5
        if key.endswith("weight"):
            values *= math.sqrt(12 / math.prod(shapes[key][1:]))
        else:
            values += {"gamma": 1.5, "_beta": 0.5, "_mean": 0, "g_var": 1}[key[-5:]]
        weights[key] = values.astype(np.float32).astype(np.float64).reshape(shapes[key])

    def convolve(x, block, index, stride=1):
        """Tap by tap; a kernel for one channel is applied to each channel alone. Then batch norm as it was counted."""
        kernel, side = weights[f"{block}conv{index}_weight"], weights[f"{block}conv{index}_weight"].shape[-1]
        edge = side // 2
        padded = np.pad(x, ((0, 0), (edge, edge), (edge, edge)))
        rows, columns = -(-x.shape[1] // stride), -(-x.shape[2] // stride)
        y = np.zeros((kernel.shape[0], rows, columns))
        for i in range(side):
            for j in range(side):
                seen = padded[:, i:i + stride * rows:stride, j:j + stride * columns:stride]
                alone = kernel.shape[1] == 1 and len(x) > 1
                y += kernel[:, 0, i, j, None, None] * seen if alone else np.einsum("oc,chw->ohw", kernel[:, :, i, j], seen)
        scale, shift, mean, variance = [weights[f"{block}batchnorm{index}_{p}"][:, None, None] for p in ("gamma", "beta", "running_mean", "running_var")]
        return (y - mean) / np.sqrt(variance + 1e-5) * scale + shift

    model = Model(6)
    picture = model.random.standard_normal((3, height, width)).astype(np.float32)
    model.put("input", "pixels", picture[None])
    x = np.clip(convolve(picture.astype(np.float64), start, 0, 2), 0, 6)
    model.put("output", "stem", x[None])
    for i, (outputs, stride) in enumerate(blocks):
        block = f"{start}linearbottleneck{i}_"
        y = np.clip(convolve(x, block, 0), 0, 6)
        y = np.clip(convolve(y, block, 1, stride), 0, 6)
        y = convolve(y, block, 2)
        x = x + y if stride == 1 and x.shape == y.shape else y
        model.put("output", f"block{i}", x[None])
    x = np.clip(convolve(x, start, 1), 0, 6)
    model.put("output", "tokens", x.reshape(len(x), -1).T[None])
    write(name, model.tensors)
    print(name, "tokens: mean %.2f, at 0 %.2f, at 6 %.2f" % (x.mean(), (x == 0).mean(), (x == 6).mean()))


vision("vit", 1, "vit.", False, 8, (12, 20))
vision("deit", 2, "deit.", True, 12, (8, 8))
bert("bert", 3, False)
bert("bert-tanh", 4, True)
swin("swin", 5, 12, 14)
mobilenet("mobilenetv2", 32, 64)

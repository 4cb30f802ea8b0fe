"""Seconds for an epoch and peak memory of the core, side by side with LightFM's own fit on as many threads.

    python benchmarks/training/speed.py [--size 1m] [--components 10 64] [--threads 1 2] [--epochs N] [--loss warp]

Both train on in turn, an epoch each, so that whatever else the machine does meets both.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import scipy.sparse as sp
from defaults import settings
from lightfm import LightFM
from synthetic import interactions as synthetic_interactions

sys.path.insert(0, str(Path(__file__).parents[1]))
from _report import aim, machine, medians, print_table

from recommender.settings.train import TrainSettings
from recommender.training.core import Trainer
from recommender.training.lightfm_arguments import lightfm_arguments

SIZES = {"1m": (6_000, 3_700, 1_000_000), "20m": (138_000, 27_000, 20_000_000)}
EPOCHS = {"1m": 5, "20m": 1}
TIMES_FASTER = {("1m", 64): 7.0}
"""What is aimed at where it is not 4.5."""

Epoch = Callable[[], object]


def lightfm(interactions: sp.coo_matrix, chosen: TrainSettings, threads: int) -> Epoch:
    """Prepare LightFM: each call is an epoch."""
    model = LightFM(**lightfm_arguments(chosen))
    return lambda: model.fit_partial(interactions, epochs=1, num_threads=threads)


def core(interactions: sp.coo_matrix, chosen: TrainSettings, threads: int) -> Epoch:
    """Prepare the core: each call is an epoch."""
    return Trainer(interactions, chosen, threads).run_epoch


def peak_memory(way: Callable[..., Epoch], file: Path, chosen: TrainSettings) -> float:
    """Train an epoch in a process of its own: MB at the peak, beyond the interactions themselves."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_peak_memory, (way, file, chosen))


def _peak_memory(way: Callable[..., Epoch], file: Path, chosen: TrainSettings) -> float:
    def status(name: str) -> float:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024

    interactions = sp.load_npz(file)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak of the loading
    before = status("VmRSS")
    way(interactions, chosen, 1)()
    return status("VmHWM") - before


def memory_rows(interactions: sp.coo_matrix, all_components: list[int], loss: str, size: str) -> list[list[str]]:
    """Compare the peaks."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "interactions.npz"
        sp.save_npz(file, interactions, compressed=False)
        for components in all_components:
            chosen = settings(loss=loss, no_components=components)
            reference, ours = (peak_memory(way, file, chosen) for way in (lightfm, core))
            what = f"memory beyond the interactions, {SIZES[size][2]:,} of them, {components} components"
            aim(what, "LightFM", f"{ours / reference:.2f} times as much", "≤ 1.25")
            rows.append([str(components), f"{reference:.0f}", f"{ours:.0f}", f"{ours / reference:.2f}"])
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="1m")
    parser.add_argument("--components", type=int, nargs="+", default=[10, 64])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--epochs", type=int, help="that the medians are of (default: 5 for 1m, 1 for 20m)")
    parser.add_argument("--loss", choices=["warp", "bpr"], default="warp")
    parser.add_argument("--no-memory", action="store_true", help="leave out the peak memory, which takes an epoch each")
    args = parser.parse_args()
    epochs = args.epochs or EPOCHS[args.size]
    interactions = synthetic_interactions(*SIZES[args.size])
    print(machine())
    memory = [] if args.no_memory else memory_rows(interactions, args.components, args.loss, args.size)
    rows = []
    for components in args.components:
        for threads in args.threads:
            chosen = settings(loss=args.loss, no_components=components)
            reference_epoch = lightfm(interactions, chosen, threads)
            start = time.perf_counter()
            our_epoch = core(interactions, chosen, threads)
            preparation = time.perf_counter() - start
            seconds = medians({"LightFM": reference_epoch, "core": our_epoch}, epochs)
            ratio = seconds["LightFM"] / seconds["core"]
            what = f"an epoch of {args.loss}, {interactions.nnz:,} in all, {components} components, threads: {threads}"
            aimed_at = f"≥ {TIMES_FASTER.get((args.size, components), 4.5)}"
            aim(what, "LightFM, as many threads", f"{ratio:.1f} times faster", aimed_at)
            rows.append(
                [
                    str(components),
                    str(threads),
                    f"{seconds['LightFM']:.3f}",
                    f"{seconds['core']:.3f}",
                    f"{ratio:.1f}",
                    f"{preparation:.2f}",
                ]
            )
    header = ["components", "threads", "LightFM, s", "core, s", "times faster", "core's preparation, s"]
    size = f"{interactions.nnz:,} interactions of {interactions.shape[0]:,} x {interactions.shape[1]:,}"
    print_table(f"{args.loss}, {size}: median seconds of an epoch, of {epochs}", header, rows)
    if memory:
        header = ["components", "LightFM, MB", "core, MB", "core / LightFM"]
        print_table(f"Peak memory beyond the {size}", header, memory)


if __name__ == "__main__":
    main()

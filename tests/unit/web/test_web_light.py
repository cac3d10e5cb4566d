"""The page's process stays small, also after somebody has decided something."""

import subprocess
import sys


def test_decisions_do_not_load_the_network() -> None:
    program = (
        "import sys, worker.decisions.called, worker.decisions.deciding, worker.decisions.quotes,"
        " worker.decisions.speakers, worker.web.application;"
        "sys.exit(', '.join({'onnxruntime', 'numpy', 'worker.extract.extractor'} & set(sys.modules)) or 0)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")

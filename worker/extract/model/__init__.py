"""The trained network (the reader): word pieces in windows, tags, spans, links. `training/` shows how it was made."""

import os

# The official builds of onnxruntime report each process to Microsoft, and leave files in HOME and TMPDIR. Both are
# prevented only if this variable is set before the import (Privacy.md in the wheel).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
